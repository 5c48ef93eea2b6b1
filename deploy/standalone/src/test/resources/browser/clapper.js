// Stands in for camera and microphone from the first line of a page on: a plain colour that turns white, and a tone
// that is joined by a second one, at the same instant of every second of one clock. `clapper` is set before this.
{
  const WIDTH = 640;
  const HEIGHT = 360;
  const FRAMES_PER_SECOND = 30;
  const CLAP_SECONDS = 0.2;
  let audio = null;

  const clock = () => {
    audio ??= new AudioContext();
    return audio;
  };

  const sound = () => {
    const context = clock();
    const out = context.createMediaStreamDestination();
    const voice = (hertz, level) => {
      const tone = new OscillatorNode(context, {frequency: hertz});
      const gain = new GainNode(context, {gain: level});
      tone.connect(gain).connect(out);
      tone.start();
      return gain.gain;
    };
    voice(clapper.toneHertz, 0.1);
    const clap = voice(clapper.clapHertz, 0);
    for (let second = Math.ceil(context.currentTime) + 1; second < context.currentTime + 600; second += 1) {
      clap.setValueAtTime(0.3, second);
      clap.setValueAtTime(0, second + CLAP_SECONDS);
    }
    return out.stream.getAudioTracks();
  };

  const picture = () => {
    const context = clock();
    const canvas = Object.assign(document.createElement('canvas'), {width: WIDTH, height: HEIGHT});
    const pen = canvas.getContext('2d');
    setInterval(() => {
      pen.fillStyle = context.currentTime % 1 < CLAP_SECONDS ? 'white' : clapper.colour;
      pen.fillRect(0, 0, WIDTH, HEIGHT);
    }, 1000 / FRAMES_PER_SECOND / 2);
    return canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  };

  navigator.mediaDevices.getUserMedia = async (wish) => (
    new MediaStream([...(wish.audio ? sound() : []), ...(wish.video ? picture() : [])]));
}
