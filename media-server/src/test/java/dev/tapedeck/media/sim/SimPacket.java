package dev.tapedeck.media.sim;

/**
 * One packet as a watcher got it.
 *
 * @param sequence     unwrapped number in the stream of the m-line, of the original where it came by RTX
 * @param payloadType  as it came; of RTX where it came by that
 * @param isRepaired   whether it came by RTX
 * @param frame        null if it has no payload
 * @param pictureId    of video, as it came
 */
record SimPacket(
    long sequence,
    int timestamp,
    boolean hasMarker,
    int payloadType,
    boolean isRepaired,
    long arrivalNanos,
    SimFrame frame,
    int pictureId,
    int tl0PicIdx,
    boolean startsKeyFrame) {}
