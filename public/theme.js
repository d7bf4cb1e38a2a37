// Before the first paint: the appearance chosen in Settings (src/gadgets/preferences.ts keeps it under this name).
try {
  const { appearance } = JSON.parse(localStorage.getItem('exanalytics.preferences') ?? '{}') ?? {};
  if (appearance === 'light' || appearance === 'dark') document.documentElement.dataset.theme = appearance;
} catch {
  // Storage is forbidden here: the system's appearance.
}
