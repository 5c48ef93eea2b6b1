package dev.tapedeck.composer.core.frame;

/**
 * One whole frame as its sender encoded it, still on the clock of its RTP stream.
 *
 * @param firstPacket index of its first packet in the track's order
 * @param lastPacket  index of its last packet
 * @param rtpTime     unwrapped RTP timestamp
 * @param isKeyFrame  whether decoding may begin here; always true for audio
 * @param width       pixels, 0 where the frame itself does not tell: audio, and all but key frames and new sizes of VP9
 * @param height      as width
 * @param codecHeader parameter sets (H.264, Annex B) or sequence header (AV1) of a key frame; else empty
 * @param data        the frame in the form {@code EncodedFrame.data} documents
 */
public record Frame(int firstPacket, int lastPacket, long rtpTime, boolean isKeyFrame, int width, int height,
    byte[] codecHeader, byte[] data) {}
