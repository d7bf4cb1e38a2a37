import { createServer } from 'vite';
const server = await createServer({ root:'/work/wt/ml', appType:'custom', logLevel:'warn', server:{middlewareMode:true,hmr:false,ws:false,watch:null}, optimizeDeps:{noDiscovery:true,include:[]}});
const { bytes } = await server.ssrLoadModule('/src/kernels/wasm/nearest.as.ts?wasm');
const mem=new WebAssembly.Memory({initial:1400}); const i=new WebAssembly.Instance(new WebAssembly.Module(bytes),{env:{memory:mem,abort(){}}}); const e=i.exports;
new Float64Array(mem.buffer).fill(1);
const x=65536, stride=8*2056, gaps=x+8*stride, from=gaps+16384, list=from+8192, labels=list+8192, values=1<<20; const L=new Int32Array(mem.buffer,list,2048);
function go(name, dens, base, n){ let best=1e9, cnt=0; for(let rep=0;rep<6;rep++){ let t=0; cnt=0; for(let s=0;s<n;){ let c=0; for(;c<2048&&s<n;s++) if(Math.random()<dens) L[c++]=s; const t0=performance.now(); e.pack(base,4,list,c,x,stride,labels,from,gaps); t+=performance.now()-t0; cnt+=c;} best=Math.min(best,t);} console.log(name, dens, (best*1e6/cnt).toFixed(1)+' ns/row', best.toFixed(1));}
for (let k=0;k<2;k++){ go('warm',1,values,8192); go('block',1,values,65536); go('all',1,values,1e6); go('all',.3,values,1e6); go('all',.15,values,1e6); go('block',.15,values,65536);}
process.exit(0);
