declare const __EXANALYTICS_BUILD__: string | undefined;

/** The build this script is of: a page and its workers talk to each other only within one. */
export const build: string = typeof __EXANALYTICS_BUILD__ === 'undefined' ? 'source' : __EXANALYTICS_BUILD__;
