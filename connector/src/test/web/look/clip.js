/** Makes a short clip with this browser, for the player of the pages under test. */

function picture() {
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 180});
  const context = canvas.getContext('2d');
  let frame = 0;
  const paint = () => {
    context.fillStyle = 'hsl(188 70% 45%)';
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = 'white';
    context.fillRect(frame++ % 320, 4, 8, 8);
  };
  paint();
  setInterval(paint, 100);
  return canvas.captureStream(10).getVideoTracks()[0];
}

function tone() {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context);
  const out = context.createMediaStreamDestination();
  oscillator.connect(new GainNode(context, {gain: 0.2})).connect(out);
  oscillator.start();
  return out.stream.getAudioTracks()[0];
}

window.recordClip = async () => {
  const recorder = new MediaRecorder(new MediaStream([picture(), tone()]), {mimeType: 'video/webm;codecs=vp8,opus'});
  const data = new Promise((resolve) => recorder.addEventListener('dataavailable', ({data: blob}) => resolve(blob)));
  recorder.start();
  setTimeout(() => recorder.stop(), 1_500);
  await fetch('/look/clip', {method: 'POST', body: await data});
};
