// Runs before the first paint, so that a chosen theme never flashes.
try {
  const theme = localStorage.getItem('slipway.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the theme follows the system.
}
