/** Camera and microphone of this machine. */

const PICTURE = {width: {ideal: 1280}, height: {ideal: 720}, frameRate: {ideal: 30, max: 30}};

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
 * @returns {Promise<{track: ?MediaStreamTrack, problem: string}>} problem in words, empty if all is well
 */
export async function openDevice(kind, deviceId) {
  if (!navigator.mediaDevices) {
    // Browsers hide devices from pages that came over plain HTTP from another machine.
    return {track: null, problem: `${nameOf(kind)} needs HTTPS, or this page opened from localhost`};
  }
  const choice = deviceId ? {deviceId: {exact: deviceId}} : {};
  const wish = kind === 'video' ? {...PICTURE, ...choice} : {echoCancellation: true, noiseSuppression: true, ...choice};
  try {
    const stream = await navigator.mediaDevices.getUserMedia({[kind]: wish});
    return {track: stream.getTracks()[0], problem: ''};
  } catch (error) {
    return {track: null, problem: `${nameOf(kind)} cannot be used: ${REASONS[error.name] ?? error.message}`};
  }
}

/**
 * @param {'audio' | 'video'} kind
 * @returns {Promise<{id: string, label: string}[]>} labels are known only once a device of the kind was opened
 */
export async function listDevices(kind) {
  const all = await navigator.mediaDevices?.enumerateDevices() ?? [];
  return all
    .filter((device) => device.kind === `${kind}input` && device.deviceId !== '')
    .map((device, at) => ({id: device.deviceId, label: device.label || `${nameOf(kind)} ${at + 1}`}));
}

function nameOf(kind) {
  return kind === 'video' ? 'Camera' : 'Microphone';
}
