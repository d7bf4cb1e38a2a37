/** Longest wait for a paint that may never come (a hidden tab), in ms. */
const longestMs = 300;

let painted: Promise<void> | undefined;

/** Resolves once the page has shown something: what is not needed for that is loaded after it. */
export function firstPaint(): Promise<void> {
  painted ??= new Promise((resolve) => {
    setTimeout(resolve, longestMs);
    if (typeof PerformanceObserver === 'undefined') return resolve();
    if (!PerformanceObserver.supportedEntryTypes.includes('paint')) return resolve();
    const observer = new PerformanceObserver((list) => {
      if (!list.getEntriesByName('first-contentful-paint').length) return;
      observer.disconnect();
      resolve();
    });
    observer.observe({ type: 'paint', buffered: true });
  });
  return painted;
}
