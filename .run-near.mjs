import { createServer } from 'vite';
import { readFileSync } from 'node:fs';
const server = await createServer({ root:'/work/wt/ml', appType:'custom', logLevel:'warn', server:{middlewareMode:true,hmr:false,ws:false,watch:null}, optimizeDeps:{noDiscovery:true,include:[]}});
const { nearestCenters, nearestModule } = await server.ssrLoadModule('/src/kernels/wasm/nearest.ts');
const b=readFileSync(`/tmp/ml/data/kmeans.x.f64`); const v=new Float64Array(b.buffer.slice(b.byteOffset,b.byteOffset+b.byteLength));
const n=1e6,d=8; const cols=Array.from({length:d},(_,j)=>Float64Array.from({length:n},(_,i)=>v[i*d+j]));
const ib=readFileSync(`/tmp/ml/data/kmeans.init.f64`); const iv=new Float64Array(ib.buffer.slice(ib.byteOffset,ib.byteOffset+ib.byteLength));
const centers=Array.from({length:10},(_,k)=>Array.from(iv.subarray(k*8,k*8+8)));
const origin=cols.map(c=>c.reduce((a,b)=>a+b)/n);
nearestCenters(cols.map(c=>c.subarray(0,65536)),65536,centers,origin);
const { exports, memory } = nearestModule();
const timer={};
const wrapped={}; 
function wrap(name,f){return (...a)=>{const t=performance.now(); const r=f(...a); timer[name]=(timer[name]??0)+performance.now()-t; return r;}}
const orig={...exports};
const loaded=nearestModule();
loaded.exports={shift:wrap('shift',orig.shift),nearest:wrap('nearest',orig.nearest),accumulate:wrap('accumulate',orig.accumulate)};
for(let rep=0;rep<12;rep++){ for(const k in timer)timer[k]=0; const t=performance.now();
 for(let s=0;s<n;s+=65536){const e=Math.min(n,s+65536); nearestCenters(cols.map(c=>c.subarray(s,e)),e-s,centers,origin);}
 console.log((performance.now()-t).toFixed(1), Object.entries(timer).map(([k,v])=>k+' '+v.toFixed(1)).join(' '));}
await server.close(); process.exit(0);
