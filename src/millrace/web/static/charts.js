// Charts tell the figures of their points, under a pointer and by the arrow keys. The drawing holds them as titles.
(() => {
  const ROOM = 8;
  const DOT = 20;
  const LINE = 4;

  // What a point tells, and its box as parts of the drawing’s width and height, which hold at every size of the window.
  const pointsOf = (svg) => {
    const whole = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("title")].map((title) => {
      const box = title.parentNode.getBoundingClientRect();
      // Otherwise the browser would tell it a second time.
      title.remove();
      return {
        told: title.textContent,
        left: (box.left - whole.left) / whole.width,
        right: (box.right - whole.left) / whole.width,
        top: (box.top - whole.top) / whole.height,
        bottom: (box.bottom - whole.top) / whole.height,
      };
    });
  };

  class Chart {
    constructor(svg, points) {
      Object.assign(this, { svg, points, figure: svg.parentElement });
      this.range = this.added("input", "points");
      this.ring = this.added("div", "ring");
      this.tip = this.added("p", "tip");
      this.ring.ariaHidden = this.tip.ariaHidden = "true";
      this.hide();
      this.listen();
    }

    added(name, className) {
      const part = document.createElement(name);
      part.className = className;
      this.figure.append(part);
      return part;
    }

    listen() {
      // A range brings the keys along, and screen readers read its value whenever it changes.
      const { figure, range } = this;
      Object.assign(range, { type: "range", min: 0, max: this.points.length - 1, value: 0, autocomplete: "off" });
      range.setAttribute("aria-label", "Points of this chart");
      this.pick(0);
      for (const name of ["focus", "input"]) range.addEventListener(name, () => this.show(range.valueAsNumber));
      range.addEventListener("blur", () => this.hide());
      for (const name of ["pointermove", "pointerdown"]) {
        figure.addEventListener(name, (event) => this.show(this.nearest(event)));
      }
      figure.addEventListener("pointerleave", () => document.activeElement === range || this.hide());
    }

    pick(at) {
      this.range.value = at;
      this.range.setAttribute("aria-valuetext", this.points[at].told.replaceAll("\n", ", "));
    }

    hide() {
      this.ring.hidden = this.tip.hidden = true;
    }

    show(at) {
      const box = this.boxOf(this.points[at]);
      this.pick(at);
      this.ring.hidden = this.tip.hidden = false;
      this.tip.textContent = this.points[at].told;
      this.tip.classList.toggle("named", this.points[at].told.includes("\n"));
      this.ring.classList.toggle("dot", box.width < DOT && box.height < DOT);
      this.ring.classList.toggle("line", box.width < LINE && box.height >= DOT);
      for (const side of ["left", "top", "width", "height"]) this.ring.style[side] = `${box[side]}px`;
      this.place(box);
    }

    // Above the point, else below it, else beside it; always within the figure.
    place(box) {
      const { offsetWidth: width, offsetHeight: height } = this.tip;
      const [right, bottom] = [this.figure.offsetWidth - width, this.figure.offsetHeight - height];
      const [above, below] = [box.top - height - ROOM, box.top + box.height + ROOM];
      const [before, after] = [box.left - width - ROOM, box.left + box.width + ROOM];
      let [left, top] = [box.left + (box.width - width) / 2, above >= 0 ? above : below];
      if (top > bottom) [left, top] = [right - after >= before ? after : before, box.top];
      this.tip.style.left = `${Math.max(0, Math.min(left, right))}px`;
      this.tip.style.top = `${Math.max(0, Math.min(top, bottom))}px`;
    }

    // Where a point is within the figure, in pixels.
    boxOf(point) {
      const [whole, home] = [this.svg.getBoundingClientRect(), this.figure.getBoundingClientRect()];
      return {
        left: whole.left - home.left + point.left * whole.width,
        top: whole.top - home.top + point.top * whole.height,
        width: (point.right - point.left) * whole.width,
        height: (point.bottom - point.top) * whole.height,
      };
    }

    nearest(event) {
      const whole = this.svg.getBoundingClientRect();
      const [x, y] = [(event.clientX - whole.left) / whole.width, (event.clientY - whole.top) / whole.height];
      let [found, least] = [0, Infinity];
      this.points.forEach((point, at) => {
        const across = Math.max(point.left - x, 0, x - point.right) * whole.width;
        const down = Math.max(point.top - y, 0, y - point.bottom) * whole.height;
        const far = across ** 2 + down ** 2;
        // What is drawn later lies on top.
        if (far <= least) [found, least] = [at, far];
      });
      return found;
    }
  }

  let charts = [];
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const points = pointsOf(target);
      if (points.length) charts.push(new Chart(target, points));
    }
  });
  const watch = () => {
    charts = charts.filter((chart) => chart.figure.isConnected);
    document.querySelectorAll(".picture.chart > svg").forEach((svg) => seen.observe(svg));
  };
  watch();
  document.addEventListener("htmx:after:swap", watch);
  const hideAll = () => charts.forEach((chart) => chart.hide());
  window.addEventListener("resize", hideAll);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hideAll());
})();
