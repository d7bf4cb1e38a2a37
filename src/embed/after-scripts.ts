/** Resolves when the scripts a page came with have run, or soon where they have: they may say the store and the token. */
export function afterScripts(page: Document): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve();
    if (page.readyState === 'complete') setTimeout(done);
    else page.addEventListener('DOMContentLoaded', done, { once: true });
    // A script that a page loads by itself may run when that has passed.
    page.defaultView?.addEventListener('load', done, { once: true });
  });
}
