/* Runs before the first paint, so that nothing flashes: the theme, and that scripts work. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const choice = root.dataset.themeChoice;
    const isDark = choice === "dark" || (choice !== "light" && dark.matches);
    root.dataset.theme = isDark ? "dark" : "light";
  };
  root.classList.add("js");
  /* The server may then send the rows first and the totals after them. */
  document.cookie = "js=1; path=/; SameSite=Lax";
  paint();
  dark.addEventListener("change", paint);
})();
