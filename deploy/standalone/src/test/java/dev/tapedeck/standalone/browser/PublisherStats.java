package dev.tapedeck.standalone.browser;

import java.util.List;

/**
 * What a publishing browser reports of its video.
 *
 * @param codec such as "video/VP8", empty before the first packet
 */
public record PublisherStats(
    String codec, int payloadType, double availableBitsPerSecond, List<Layer> layers) {

  /** One encoding. @param rid empty without simulcast */
  public record Layer(
      String rid, long ssrc, boolean isActive, long framesEncoded, long keyFramesEncoded, int frameWidth,
      double targetBitsPerSecond, long bytesSent, String limitation) {}

  /** What its congestion control gives to all encoders together. */
  public double targetBitsPerSecond() {
    return layers.stream().mapToDouble(Layer::targetBitsPerSecond).sum();
  }

  public long framesEncoded() {
    return layers.stream().mapToLong(Layer::framesEncoded).max().orElse(0);
  }
}
