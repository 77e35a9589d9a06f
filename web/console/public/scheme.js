// Set before the first paint, so that a dark console doesn't flash white.
(function () {
  var wish = wished();
  var dark =
    wish === "dark" ||
    (wish !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");

  function wished() {
    try {
      return localStorage.getItem("mantine-color-scheme-value");
    } catch {
      return null;
    }
  }
})();
