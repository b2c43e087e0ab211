// Small manners of the pages. Every page works without them.
(() => {
  const LOST = "网络不通，内容已保留，可重试";
  const LEAVE = "填写的内容还没有提交";
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  // Messages ------------------------------------------------------------------------------------------------------
  const toast = (text, tone = "error") => {
    const line = document.createElement("div");
    line.className = `toast-line toast-${tone}`;
    line.setAttribute("role", tone === "error" ? "alert" : "status");
    const words = document.createElement("span");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.close = "";
    close.setAttribute("aria-label", "关闭");
    close.textContent = "×";
    line.append(words, close);
    const place = document.getElementById("toasts");
    each(".toast-line", (old) => { if (old.textContent === line.textContent) old.remove(); }, place);
    place.append(line);
  };
  const fade = () => each(".toast-success:not([data-fading]), .toast-info:not([data-fading])", (line) => {
    line.dataset.fading = "";
    setTimeout(() => line.remove(), 6000);
  });

  // Forms: never lose what was typed ------------------------------------------------------------------------------
  const alive = async () => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 5000);
    try {
      await fetch(document.body.dataset.alive, { method: "HEAD", cache: "no-store", signal: stop.signal });
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  };
  const busy = (button, on) => button?.toggleAttribute && (on ? button.setAttribute("aria-busy", "true") : button.removeAttribute("aria-busy"));
  const dirty = new Set();

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-keep]")) dirty.add(form);
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    // asking (is anybody there?) → go → gone: a second press on the way is none.
    const button = event.submitter, rest = () => { delete form.dataset.stage; busy(button, false); };
    if (form.dataset.stage === "go" || (!form.dataset.stage && !form.matches("[data-keep]"))) {
      form.dataset.stage = "gone";
      dirty.delete(form);
      setTimeout(rest, 8000);
      return;
    }
    event.preventDefault();
    if (form.dataset.stage) return;
    form.dataset.stage = "asking";
    busy(button, true);
    if (await alive()) {
      form.dataset.stage = "go";
      form.requestSubmit(button);
    } else {
      rest();
      toast(LOST);
    }
  });
  addEventListener("pageshow", () => each("form[data-stage]", (form) => { delete form.dataset.stage; each("[aria-busy]", (button) => busy(button, false), form); }));
  addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) { event.preventDefault(); event.returnValue = LEAVE; }
  });

  // htmx ----------------------------------------------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.elt.matches(".list-tools")) return;
    [...detail.formData.keys()].filter((key) => !detail.formData.get(key)).forEach((key) => detail.formData.delete(key));
  });
  document.addEventListener("htmx:sendError", () => toast(LOST));
  document.addEventListener("htmx:timeout", () => toast(LOST));
  document.addEventListener("htmx:responseError", (event) => {
    const silent = event.target.closest?.("[data-quiet]");
    const code = event.detail.xhr.status;
    if (silent) return;
    toast(code === 403 ? "没有办成：您的职务不能这样做，或页面打开太久，请刷新后再试"
      : code === 404 ? "没有找到，或不在您的权限内" : `没有办成（${code}），内容已保留，可重试`);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Redirect")) dirty.clear();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.target.matches?.("[data-keep]")) dirty.delete(event.target);
  });

  // A risky button asks first -------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.dataset.agreed) { if (button) delete button.dataset.agreed; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const ask = document.getElementById("ask");
    ask.querySelector("p").textContent = button.dataset.confirm;
    ask.onclose = () => {
      if (ask.returnValue !== "yes") return;
      button.dataset.agreed = "yes";
      button.click();
    };
    ask.returnValue = "";
    ask.showModal();
  }, true);

  // The search box of a list asks while one types; its own "change" on leaving would ask a second time.
  document.addEventListener("change", (event) => {
    if (event.target.matches(".list-tools [type=search]")) event.stopPropagation();
  }, true);

  // A text to take along: selected and copied by the old command, which also works without https on an intranet.
  const copy = (button) => {
    const box = button && document.getElementById(button.dataset.copy);
    if (!box) return;
    box.select();
    const done = document.execCommand("copy");
    button.lastChild.textContent = done ? "已复制" : "请按 Ctrl+C";
  };

  // Clicks and keys -----------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    event.target.closest("[data-close]")?.parentElement.remove();
    if (event.target.closest("[data-print]")) print();
    copy(event.target.closest("[data-copy]"));
    each("details.who[open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") each("details.who[open]", (menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.getElementById("find");
    if (search?.offsetParent) { event.preventDefault(); search.focus(); search.select(); }
  });

  // Rows picked for an action in bulk -----------------------------------------------------------------------------
  const picked = (list) => {
    const boxes = [...list.querySelectorAll("[data-pick]")];
    const count = boxes.filter((box) => box.checked).length;
    const all = list.querySelector("[data-pick-all]");
    if (all) { all.checked = count > 0 && count === boxes.length; all.indeterminate = count > 0 && count < boxes.length; }
    each("[data-bulk]", (button) => { button.disabled = count === 0; }, list);
    each("[data-picked]", (words) => { words.textContent = count ? `已选 ${count} 行` : ""; }, list);
  };
  document.addEventListener("change", (event) => {
    const list = event.target.closest(".list");
    if (!list || !event.target.matches("[data-pick], [data-pick-all]")) return;
    event.stopPropagation();
    if (event.target.matches("[data-pick-all]")) each("[data-pick]", (box) => { box.checked = event.target.checked; }, list);
    picked(list);
  });

  // On a phone a table's rows are cards: each cell needs the name of its column -----------------------------------
  const label = () => each(".table-cards", (wrap) => {
    const heads = [...wrap.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    each("tbody tr", (row) => [...row.cells].forEach((cell, index) => {
      if (cell.classList.contains("pick")) return;
      if (index === 0) cell.classList.add("lead-cell");
      else if (!cell.dataset.label && heads[index] && !cell.classList.contains("act")) cell.dataset.label = heads[index];
    }), wrap);
  });

  // Of many tabs the present one is in sight -----------------------------------------------------------------------
  const reveal = () => each(".subnav [aria-current]", (tab) => {
    const strip = tab.closest(".subnav");
    strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - strip.clientWidth / 2;
  });

  const settle = () => { label(); fade(); reveal(); each(".list", picked); };
  document.addEventListener("DOMContentLoaded", settle);
  document.addEventListener("htmx:afterSettle", settle);
})();
