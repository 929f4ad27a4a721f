/* Chooses light or dark before the first paint: ?theme= wins, then the person's choice, then the system's. */
(() => {
  const asked = new URLSearchParams(location.search).get("theme");
  const kept = localStorage.getItem("workspace.theme");
  const theme = [asked, kept].find((name) => name === "light" || name === "dark");
  if (theme) document.documentElement.dataset.theme = theme;
})();
