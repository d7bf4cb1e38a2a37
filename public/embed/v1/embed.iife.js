// The same gadgets for pages that have no module scripts: loads embed.js from where this came.
// `exanalytics.configure({ store, token })` may be called at once; a promise of the module is `exanalytics.ready`.
((page) => {
  var from = page.document.currentScript.src;
  var ready = import(new URL('embed.js', from).href);
  page.exanalytics = page.exanalytics || {
    ready: ready,
    configure: (settings) =>
      ready.then((module) => {
        module.configure(settings);
      }),
  };
})(window);
