package dev.tapedeck.standalone.browser;

/** What a watching browser reports of one slot; zeros before its first packet. @param codec such as "video/VP8" */
public record SlotStats(
    long ssrc, String codec, int payloadType, long packetsReceived, long framesDecoded, long keyFramesDecoded,
    long framesDropped, int frameWidth, long keyFrameRequests) {}
