/**
 * Bodies of type `application/trickle-ice-sdpfrag` (RFC 8840 §9): what WHIP and WHEP clients send for trickled
 * candidates and ICE restarts, and what the server answers to a restart (RFC 9725 §4.3).
 */

/**
 * @typedef {object} Fragment
 * @property {string} ufrag
 * @property {string} pwd
 * @property {string[]} bundle mids of the bundle group; empty if unknown
 * @property {{line: string, mid: string, candidates: string[], ended: boolean}[]} media the m-lines that gather;
 *   `line` is the value of `m=`, candidates are the values of `a=candidate:`
 */

/** @param {Fragment} fragment @returns {string} with CRLF line ends */
export function writeFragment({ufrag, pwd, bundle = [], media}) {
  const lines = [];
  if (bundle.length > 0) {
    lines.push(`a=group:BUNDLE ${bundle.join(' ')}`);
  }
  lines.push(`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`);
  for (const {line, mid, candidates, ended} of media) {
    lines.push(`m=${line}`, `a=mid:${mid}`);
    lines.push(...candidates.map((candidate) => `a=candidate:${candidate}`));
    if (ended) {
      lines.push('a=end-of-candidates');
    }
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

/** @param {string} text a fragment, or a whole session description @returns {Fragment} */
export function readFragment(text) {
  const fragment = {ufrag: '', pwd: '', bundle: [], media: []};
  let current = null;
  for (const line of text.split(/\r\n|\n/)) {
    const attribute = line.startsWith('a=') ? line.slice(2) : '';
    if (line.startsWith('m=')) {
      current = {line: line.slice(2), mid: '', candidates: [], ended: false};
      fragment.media.push(current);
    } else if (attribute.startsWith('group:BUNDLE ')) {
      fragment.bundle = attribute.slice('group:BUNDLE '.length).trim().split(/\s+/);
    } else if (attribute.startsWith('ice-ufrag:')) {
      fragment.ufrag ||= attribute.slice('ice-ufrag:'.length);
    } else if (attribute.startsWith('ice-pwd:')) {
      fragment.pwd ||= attribute.slice('ice-pwd:'.length);
    } else if (current && attribute.startsWith('mid:')) {
      current.mid = attribute.slice('mid:'.length);
    } else if (current && attribute.startsWith('candidate:')) {
      current.candidates.push(attribute.slice('candidate:'.length));
    } else if (current && attribute === 'end-of-candidates') {
      current.ended = true;
    }
  }
  return fragment;
}

/**
 * The fragment that tells these candidates of a local description.
 *
 * @param {string} localSdp
 * @param {{candidate: string, sdpMid: string}[]} candidates as the browser's `icecandidate` events give them
 * @param {boolean} ended whether no more will come
 */
export function fragmentOf(localSdp, candidates, ended) {
  const local = readFragment(localSdp);
  const offererTagged = local.bundle[0] ?? local.media[0].mid;
  const media = local.media
    .map(({line, mid}) => ({
      line,
      mid,
      candidates: candidates.filter(({sdpMid}) => sdpMid === mid).map(({candidate}) => bare(candidate)),
      ended: ended && mid === offererTagged,
    }))
    .filter(({mid, candidates: own}) => mid === offererTagged || own.length > 0);
  return writeFragment({ufrag: local.ufrag, pwd: local.pwd, bundle: local.bundle, media});
}

/**
 * The answer in force after the server accepted an ICE restart: new credentials, and its candidates if it names any.
 *
 * @param {string} answerSdp the answer in force until now
 * @param {string} fragmentText the server's answer to the restart
 */
export function restartedAnswer(answerSdp, fragmentText) {
  const fragment = readFragment(fragmentText);
  const candidates = fragment.media.flatMap(({candidates: own}) => own);
  const isReplaced = (line) => candidates.length > 0
    && (line.startsWith('a=candidate:') || line === 'a=end-of-candidates');
  const sections = answerSdp.split(/\r\n|\n/)
    .filter((line) => line !== '' && !isReplaced(line))
    .map((line) => line
      .replace(/^a=ice-ufrag:.*/, () => `a=ice-ufrag:${fragment.ufrag}`)
      .replace(/^a=ice-pwd:.*/, () => `a=ice-pwd:${fragment.pwd}`));
  const firstMedia = sections.findIndex((line) => line.startsWith('m='));
  const nextMedia = sections.findIndex((line, at) => at > firstMedia && line.startsWith('m='));
  sections.splice(nextMedia < 0 ? sections.length : nextMedia, 0, ...candidates.map((each) => `a=candidate:${each}`));
  return sections.map((line) => `${line}\r\n`).join('');
}

function bare(candidate) {
  return candidate.replace(/^(a=)?candidate:/, '');
}
