// Draws the plots of a report with Chart.js, in the colours of the page, and again when these change.
const dark = matchMedia('(prefers-color-scheme: dark)');
const still = matchMedia('(prefers-reduced-motion: reduce)');
const light = ['#0b6bcb', '#d1490c', '#1a7f4b', '#8b3fbd', '#a07800', '#00818f', '#c22b6f', '#5f6368'];
const bright = ['#6cb1f5', '#f59a6c', '#5cc98d', '#c79bec', '#d9b84a', '#5cc4cf', '#f08ab8', '#b0b4b8'];
let drawn = [];

const short = new Intl.NumberFormat('en', {maximumSignificantDigits: 4});

// 0.999 stands three times as far as 0.9: at each step one more nine.
const nines = share => -Math.log10(Math.max(1 - share, 1e-7));

function axis(of, colours) {
  const options = {
    title: {display: true, text: of.label, color: colours.soft},
    grid: {color: colours.line},
    ticks: {color: colours.soft, callback: value => short.format(value)},
  };
  if (of.scale === 'logarithmic') {
    options.type = 'logarithmic';
    options.ticks.callback = value => /^[125]e/.test(value.toExponential()) ? short.format(value) : null;
  } else {
    options.type = 'linear';
  }
  if (of.scale === 'nines') {
    options.min = 0;
    options.ticks.stepSize = 1;
    options.ticks.callback = value => short.format(100 * (1 - 10 ** -value)) + ' %';
  } else if (of.scale === 'linear') {
    options.beginAtZero = true;
  }
  return options;
}

function lines(plot, colours, palette) {
  const place = plot.x.scale === 'nines' ? point => ({x: nines(point.x), y: point.y}) : point => point;
  return {
    type: 'line',
    data: {
      datasets: plot.series.map((series, i) => ({
        label: series.name,
        data: (series.points ?? []).map(place),
        borderColor: palette[i % palette.length],
        backgroundColor: palette[i % palette.length],
        borderWidth: 2,
        pointRadius: series.points?.length > 20 ? 0 : 3,
      })),
    },
    options: {scales: {x: axis(plot.x, colours), y: axis(plot.y, colours)}},
  };
}

function bars(plot, colours, palette) {
  return {
    type: 'bar',
    data: {
      labels: plot.groups,
      datasets: plot.series.map((series, i) => ({
        label: series.name, data: series.values, backgroundColor: palette[i % palette.length], maxBarThickness: 72,
      })),
    },
    options: {
      scales: {
        x: {stacked: true, grid: {display: false}, ticks: {color: colours.soft}},
        y: {...axis({label: plot.unit, scale: 'linear'}, colours), stacked: true},
      },
    },
  };
}

function draw() {
  drawn.forEach(chart => chart.destroy());
  const style = getComputedStyle(document.documentElement);
  const colours = {soft: style.getPropertyValue('--soft').trim(), line: style.getPropertyValue('--line').trim()};
  const palette = dark.matches ? bright : light;
  drawn = plots.map(plot => {
    const settings = (plot.kind === 'bars' ? bars : lines)(plot, colours, palette);
    Object.assign(settings.options, {
      responsive: true,
      maintainAspectRatio: false,
      animation: still.matches ? false : {duration: 300},
      interaction: {mode: 'nearest', intersect: false},
      plugins: {legend: {position: 'bottom', labels: {color: colours.soft, boxWidth: 12}}},
    });
    return new Chart(document.getElementById(plot.id), settings);
  });
}

draw();
dark.addEventListener('change', draw);
