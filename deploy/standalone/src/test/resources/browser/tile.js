// One received track on the page, and what can be measured of it.

const FFT_SIZE = 8192;

export class Tile {
  #element;
  #canvas = new OffscreenCanvas(8, 8);
  #analyser = null;
  #audio = null;
  #frames = [];

  constructor(track) {
    const stream = new MediaStream([track]);
    this.#element = document.createElement(track.kind);
    this.#element.autoplay = true;
    this.#element.muted = true;
    this.#element.srcObject = stream; // an audio track flows into Web Audio only while an element plays it too
    document.body.append(this.#element);
    if (track.kind === 'audio') {
      this.#audio = new AudioContext({ sampleRate: 48000 });
      this.#analyser = new AnalyserNode(this.#audio, { fftSize: FFT_SIZE });
      this.#audio.createMediaStreamSource(stream).connect(this.#analyser);
    } else {
      this.#noteFrames();
    }
  }

  /** Mean red, green, blue of a patch in the plain upper part of the picture; null before the first frame. */
  colour() {
    const { videoWidth: width, videoHeight: height } = this.#element;
    if (!width) {
      return null;
    }
    const { width: columns, height: rows } = this.#canvas;
    const context = this.#canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(this.#element, width * 0.4, height * 0.2, width * 0.2, height * 0.2, 0, 0, columns, rows);
    const { data } = context.getImageData(0, 0, columns, rows);
    return [0, 1, 2].map((channel) => {
      let sum = 0;
      for (let i = channel; i < data.length; i += 4) {
        sum += data[i];
      }
      return Math.round(sum / (columns * rows));
    });
  }

  /** Frequency of the loudest bin; 0 in silence. */
  peakHertz() {
    const decibels = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(decibels);
    let loudest = 1;
    for (let bin = 2; bin < decibels.length; bin++) {
      if (decibels[bin] > decibels[loudest]) {
        loudest = bin;
      }
    }
    return decibels[loudest] > -60 ? loudest * this.#audio.sampleRate / FFT_SIZE : 0;
  }

  /** Frames shown so far, their widths in the order they appeared, and the longest time between two of them. */
  timeline() {
    const widths = [];
    let longestGapMillis = 0;
    let longestGapAt = 0;
    for (let i = 0; i < this.#frames.length; i++) {
      const { width, millis } = this.#frames[i];
      if (width !== widths.at(-1)) {
        widths.push(width);
      }
      if (i > 0 && millis - this.#frames[i - 1].millis > longestGapMillis) {
        longestGapMillis = millis - this.#frames[i - 1].millis;
        longestGapAt = i;
      }
    }
    return { frames: this.#frames.length, widths, longestGapMillis, longestGapAt };
  }

  remove() {
    this.#element.srcObject = null;
    this.#element.remove();
    this.#audio?.close();
  }

  #noteFrames() {
    this.#element.requestVideoFrameCallback((now, frame) => {
      this.#frames.push({ width: frame.width, millis: frame.presentationTime });
      this.#noteFrames();
    });
  }
}
