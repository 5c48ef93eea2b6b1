/** Camera, microphone, speaker and screen of this machine. */

const PICTURE = {width: {ideal: 1280}, height: {ideal: 720}, frameRate: {ideal: 30, max: 30}};
const SMALL_PICTURE = {width: {ideal: 320}, height: {ideal: 180}, frameRate: {ideal: 10, max: 10}};

/** What makes speech clear spoils music, and a steady tone is taken for noise. */
const speechSound = (isWanted) =>
  ({echoCancellation: isWanted, noiseSuppression: isWanted, autoGainControl: isWanted});

const NAMES = {audioinput: 'Microphone', videoinput: 'Camera', audiooutput: 'Speaker'};

const REASONS = {
  NotAllowedError: 'the browser was told not to allow it; change that beside the address',
  NotFoundError: 'there is none',
  NotReadableError: 'another program is using it',
  OverconstrainedError: 'the chosen one is gone',
};

/**
 * Opens one device. The old one of the kind should be stopped before, because some cameras open only once.
 *
 * @param {'audio' | 'video'} kind
 * @param {string} deviceId empty for the browser's choice
 * @param {{isSmall: boolean, isOriginalSound: boolean}} wishes a picture for weak machines; sound nobody has worked on
 * @returns {Promise<{track: ?MediaStreamTrack, problem: string}>} problem in words, empty if all is well
 */
export async function openDevice(kind, deviceId, {isSmall, isOriginalSound}) {
  if (!navigator.mediaDevices) {
    // Browsers hide devices from pages that came over plain HTTP from another machine.
    return {track: null, problem: `${nameOf(kind)} needs HTTPS, or this page opened from localhost`};
  }
  const choice = deviceId ? {deviceId: {exact: deviceId}} : {};
  const wish = kind === 'video' ? isSmall ? SMALL_PICTURE : PICTURE : speechSound(!isOriginalSound);
  try {
    const stream = await navigator.mediaDevices.getUserMedia({[kind]: {...wish, ...choice}});
    return {track: stream.getTracks()[0], problem: ''};
  } catch (error) {
    return {track: null, problem: `${nameOf(kind)} cannot be used: ${REASONS[error.name] ?? error.message}`};
  }
}

/** Whether this browser lets pages choose where their sound comes out. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;

/** Phones show no screens to pages. */
export const canShareScreen = Boolean(navigator.mediaDevices?.getDisplayMedia);

/**
 * Lets the person pick a screen, a window or a tab.
 *
 * @returns {Promise<?MediaStream>} null when nothing was picked
 * @throws {Error} in words, when the browser cannot
 */
export async function openScreen() {
  try {
    return await navigator.mediaDevices.getDisplayMedia({video: {frameRate: {max: 30}}, audio: true});
  } catch (error) {
    if (error.name === 'NotAllowedError') {
      return null;
    }
    throw new Error(`The screen cannot be shared: ${REASONS[error.name] ?? error.message}`, {cause: error});
  }
}

/**
 * @param {'audioinput' | 'videoinput' | 'audiooutput'} kind as browsers call it
 * @returns {Promise<{id: string, label: string}[]>} labels are known only once a device of the kind was opened
 */
export async function listDevices(kind) {
  const all = await navigator.mediaDevices?.enumerateDevices() ?? [];
  return all
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map((device, at) => ({id: device.deviceId, label: device.label || `${NAMES[kind]} ${at + 1}`}));
}

function nameOf(kind) {
  return NAMES[`${kind}input`];
}
