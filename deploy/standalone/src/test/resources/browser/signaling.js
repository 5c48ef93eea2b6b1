// The HTTP side of a WHIP (RFC 9725) or WHEP connection, and its ICE restart.

const SDP = 'application/sdp';
const SDP_FRAGMENT = 'application/trickle-ice-sdpfrag';

/** Groups: what stands before the address, address, port. */
export const CANDIDATE = /^a=candidate:(\S+ \d+ \S+ \d+) (\S+) (\d+) .*$/gm;
const EXTENSION = /^a=extmap:(\d+) (\S+)/gm;

export class Signaling {
  #server;
  #token;
  #resource = null;
  #entityTag = null;
  #answer = null;

  constructor(server, token) {
    this.#server = server;
    this.#token = token;
  }

  /** Sends the offer; returns the answer as the server wrote it. */
  async connect(path, offer) {
    const response = await this.#request('POST', path, { 'Content-Type': SDP }, offer);
    await this.#expect(response, 201);
    this.#resource = response.headers.get('Location');
    this.#entityTag = response.headers.get('ETag');
    this.#answer = await response.text();
    return this.#answer;
  }

  /** @param match value of If-Match, null for the tag of the last answer; returns the status */
  async patch(fragment, match) {
    return this.#request('PATCH', this.#resource,
      { 'Content-Type': SDP_FRAGMENT, 'If-Match': match ?? this.#entityTag }, fragment);
  }

  async slots(wanted) {
    const path = `${this.#resource}/slots`;
    const response = wanted === undefined
      ? await this.#request('GET', path)
      : await this.#request('PUT', path, { 'Content-Type': 'application/json' }, JSON.stringify({ slots: wanted }));
    await this.#expect(response, 200);
    return (await response.json()).slots;
  }

  /** Ends the connection on the server; returns the status. */
  async delete() {
    return (await this.#request('DELETE', this.#resource)).status;
  }

  /** RFC 9725 §4.3.3: new credentials of both sides by PATCH, everything else as it was. Returns the status. */
  async restartIce(connection) {
    connection.restartIce();
    await connection.setLocalDescription(await connection.createOffer());
    const response = await this.patch(fragmentOf(connection.localDescription.sdp, []), '*');
    await this.#expect(response, 200);
    this.#entityTag = response.headers.get('ETag');
    const fragment = await response.text();
    this.#answer = this.#answer
      .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${valueOf(fragment, 'ice-ufrag')}`)
      .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${valueOf(fragment, 'ice-pwd')}`);
    await connection.setRemoteDescription({ type: 'answer', sdp: this.#answer });
    return response.status;
  }

  /** State of the transport, the user fragment its media flow under, and what both sides said of addresses and ids. */
  async describe(connection) {
    const report = await connection.getStats();
    const transport = [...report.values()].find((entry) => entry.type === 'transport');
    const pair = report.get(transport?.selectedCandidatePairId);
    return {
      connectionState: connection.connectionState,
      iceUfrag: report.get(pair?.localCandidateId)?.usernameFragment ?? '',
      serverCandidates: [...this.#answer.matchAll(CANDIDATE)].map(([, , address, port]) => ({ address, port })),
      extensionIds: Object.fromEntries(
        [...connection.localDescription.sdp.matchAll(EXTENSION)].map(([, id, uri]) => [uri, Number(id)])),
    };
  }

  #request(method, path, headers = {}, body = undefined) {
    return fetch(this.#server + path,
      { method, body, headers: { ...headers, Authorization: `Bearer ${this.#token}` } });
  }

  async #expect(response, status) {
    if (response.status !== status) {
      throw new Error(`${response.url} answered ${response.status}, not ${status}: ${await response.text()}`);
    }
  }
}

/** An SDP fragment (RFC 8840 §9) with the credentials of a description and some candidates of its first m-line. */
export function fragmentOf(sdp, candidates) {
  const media = /^m=.*$/m.exec(sdp)[0];
  return [`a=ice-ufrag:${valueOf(sdp, 'ice-ufrag')}`, `a=ice-pwd:${valueOf(sdp, 'ice-pwd')}`, media,
    `a=mid:${valueOf(sdp, 'mid')}`, ...candidates.map((candidate) => `a=${candidate}`), ''].join('\r\n');
}

function valueOf(sdp, attribute) {
  return new RegExp(`^a=${attribute}:(.*?)\\r?$`, 'm').exec(sdp)[1];
}
