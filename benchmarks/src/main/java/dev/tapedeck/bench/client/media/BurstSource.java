package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.SentLog;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Load: frames of a fixed number of equal packets, each frame in one burst, in the shape of VP8 so that a server finds
 * key frames where it looks for them. The picture behind them is noise that ends with a {@link SendStamp}.
 */
public final class BurstSource implements MediaSource {
  private static final int CLOCK_RATE = 90_000;
  /** A key frame every so many frames, and one soon after a request. */
  private static final int KEY_FRAME_INTERVAL = 100;
  private static final byte[] KEY_FRAME_HEADER =
      {0x10, 0x02, 0x00, (byte) 0x9d, 0x01, 0x2a, (byte) 0x80, 0x02, 0x68, 0x01};

  private final int packetsPerFrame;
  private final int payloadBytes;
  private final long endNanos;
  private final byte[] frame;
  private final Vp8BurstPayload payload;
  private final SendStamp stamp = new SendStamp();
  private volatile long frameNanos;
  private long startNanos;
  private long dueNanos;
  private long frameNumber;
  private long framesSinceKey = KEY_FRAME_INTERVAL;
  private long keyFrameRequests;
  private volatile boolean isHeld;

  /**
   * @param packetsPerFrame  packets of one burst
   * @param payloadBytes     RTP payload of each packet, {@link SendStamp#MIN_PAYLOAD_BYTES} to
   *                         {@link Packetizer#MAX_PAYLOAD_BYTES}
   * @param packetsPerSecond sets the frame rate: packetsPerSecond / packetsPerFrame
   */
  public BurstSource(int packetsPerFrame, int payloadBytes, int packetsPerSecond, long endNanos) {
    this.packetsPerFrame = packetsPerFrame;
    this.payloadBytes = payloadBytes;
    this.endNanos = endNanos;
    this.frame = new byte[packetsPerFrame * payloadBytes];
    new Random(1).nextBytes(frame);
    this.payload = new Vp8BurstPayload(payloadBytes);
    setPacketsPerSecond(packetsPerSecond);
  }

  /** Sets the distance of the frames from the next one on; callable from any thread. */
  public void setPacketsPerSecond(int packetsPerSecond) {
    frameNanos = TimeUnit.SECONDS.toNanos(1) * packetsPerFrame / packetsPerSecond;
  }

  /** From now on the frames' time passes and none is sent, or they are sent again; callable from any thread. */
  public void setHeld(boolean held) {
    isHeld = held;
  }

  @Override
  public void startsAt(long nanos) {
    startNanos = nanos;
  }

  @Override
  public long sendNext(RtpSender sender, SentLog log, long nowNanos) {
    if (!isHeld) {
      sendFrame(sender, log, nowNanos);
    }
    frameNumber++;
    dueNanos += frameNanos;
    return dueNanos >= endNanos ? END : dueNanos;
  }

  private void sendFrame(RtpSender sender, SentLog log, long nowNanos) {
    boolean isKeyFrame = ++framesSinceKey >= KEY_FRAME_INTERVAL;
    if (isKeyFrame) {
      framesSinceKey = 0;
    }
    long mediaTicks = TimeUnit.NANOSECONDS.toMicros(dueNanos) * CLOCK_RATE / TimeUnit.SECONDS.toMicros(1);
    for (int i = 0; i < packetsPerFrame; i++) {
      byte[] packet = payload.fill(frame, i, (int) frameNumber, isKeyFrame);
      stamp.write(packet, payloadBytes, startNanos + dueNanos, frameNumber * packetsPerFrame + i);
      sender.send(packet, payloadBytes, mediaTicks, i == packetsPerFrame - 1, frameNumber, nowNanos);
    }
    log.addFrame();
  }

  @Override
  public void requestKeyFrame() {
    keyFrameRequests++;
    framesSinceKey = KEY_FRAME_INTERVAL;
  }

  @Override
  public long keyFrameRequests() {
    return keyFrameRequests;
  }

  /** Descriptor, frame tag and noise of one packet. */
  private static final class Vp8BurstPayload {
    private final byte[] bytes;

    Vp8BurstPayload(int payloadBytes) {
      bytes = new byte[payloadBytes];
    }

    byte[] fill(byte[] noise, int packetOfFrame, int pictureId, boolean isKeyFrame) {
      System.arraycopy(noise, packetOfFrame * bytes.length, bytes, 0, bytes.length);
      bytes[0] = (byte) (packetOfFrame == 0 ? 0x90 : 0x80);
      bytes[1] = (byte) 0x80;
      bytes[2] = (byte) (0x80 | pictureId >> 8);
      bytes[3] = (byte) pictureId;
      if (packetOfFrame == 0) {
        System.arraycopy(KEY_FRAME_HEADER, 0, bytes, Vp8Packetizer.DESCRIPTOR_BYTES, KEY_FRAME_HEADER.length);
        if (!isKeyFrame) {
          bytes[Vp8Packetizer.DESCRIPTOR_BYTES] |= 1;
        }
      }
      return bytes;
    }
  }
}
