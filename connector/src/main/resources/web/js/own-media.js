/** What this person sends: microphone, camera, and a screen. */

/** One layer only. */
const SMALL = [{maxBitrate: 100_000}];

export class OwnMedia {
  #client;
  #sending;
  #onProblem;
  #wishes = {audio: null, video: null};
  #publications = {audio: null, video: null};
  /** Of each kind one change after the other. */
  #turns = {audio: Promise.resolve(), video: Promise.resolve()};
  #screen = [];

  /**
   * @param {import('./tapedeck/tapedeck.js').Meeting} client
   * @param {{codec: string, hasLayers: boolean, isSmall: boolean}} sending of the camera; an empty codec is the browser's
   *   choice
   * @param {(error: Error) => void} onProblem the server did not take something
   */
  constructor(client, {codec, hasLayers, isSmall}, onProblem) {
    this.#client = client;
    this.#sending = {simulcast: isSmall ? SMALL : hasLayers, ...codec && {codec}};
    this.#onProblem = onProblem;
  }

  /**
   * Sends this from now on. While the connection is away it is a wish, which the last one wins.
   *
   * @param {'audio' | 'video'} kind
   * @param {?MediaStreamTrack} track null to send nothing, which the others see
   */
  set(kind, track) {
    this.#wishes[kind] = track;
    this.#turns[kind] = this.#turns[kind].then(() => this.#apply(kind)).catch((error) => this.#onProblem(error));
  }

  get isSharing() {
    return this.#screen.length > 0;
  }

  /**
   * Shows a screen to the others until it ends.
   *
   * @param {MediaStream} stream
   */
  async share(stream) {
    stream.getVideoTracks().forEach((track) => track.addEventListener('ended', () => this.unshare()));
    this.#screen = stream.getTracks();
    try {
      await this.#client.publish(stream, {source: 'screen'});
    } catch (error) {
      await this.unshare();
      throw error;
    }
  }

  async unshare() {
    const tracks = this.#screen;
    this.#screen = [];
    tracks.forEach((track) => track.stop());
    const ended = this.#client.publications.filter(({track}) => tracks.includes(track));
    await Promise.all(ended.map((publication) => publication.unpublish())).catch((error) => this.#onProblem(error));
  }

  async #apply(kind) {
    const track = this.#wishes[kind];
    const publication = this.#publications[kind];
    if (!publication) {
      this.#publications[kind] = track && await this.#client.publishTrack(track, this.#sending);
    } else if (!track) {
      await publication.mute();
    } else if (publication.isMuted) {
      await publication.unmute(track);
    } else {
      await publication.replace(track);
    }
  }
}
