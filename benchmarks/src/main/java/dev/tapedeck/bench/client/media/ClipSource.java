package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.SentLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Plays an IVF clip of VP8 or Opus once, every frame at its time: what is sent is exactly what is in the file.
 *
 * <p>A key frame cannot be made from a clip, so requests are counted; the next one of the clip answers them.
 */
public final class ClipSource implements MediaSource {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final List<IvfFrame> frames;
  private final long[] ticks;
  private final int clockRate;
  private final long endNanos;
  private final Packetizer packetizer;
  private int next;
  private long keyFrameRequests;

  private ClipSource(List<IvfFrame> frames, long[] ticks, int clockRate, long endNanos, Packetizer packetizer) {
    this.frames = frames;
    this.ticks = ticks;
    this.clockRate = clockRate;
    this.endNanos = endNanos;
    this.packetizer = packetizer;
  }

  /**
   * Reads a clip into memory.
   *
   * @param endNanos frames due at or after this time from the start are not sent
   * @throws IOException if the file is broken, has no frames, or is of another codec
   */
  public static ClipSource open(Path clip, long endNanos, RandomGenerator random) throws IOException {
    try (IvfReader reader = new IvfReader(clip)) {
      boolean audio = reader.fourcc().equals("OPUS");
      if (!audio && !reader.fourcc().equals("VP80")) {
        throw new IOException("clip " + clip + " is " + reader.fourcc() + "; this client sends VP80 and OPUS");
      }
      int clockRate = audio ? 48_000 : 90_000;
      List<IvfFrame> frames = new ArrayList<>();
      for (Optional<IvfFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
        frames.add(frame.get());
      }
      if (frames.isEmpty()) {
        throw new IOException("clip " + clip + " has no frames");
      }
      long origin = reader.ticks(frames.getFirst().pts(), clockRate);
      long[] ticks = frames.stream().mapToLong(frame -> reader.ticks(frame.pts(), clockRate) - origin).toArray();
      Packetizer packetizer = audio ? new OpusPacketizer() : new Vp8Packetizer(random.nextInt(1 << 15));
      return new ClipSource(frames, ticks, clockRate, endNanos, packetizer);
    }
  }

  @Override
  public long sendNext(RtpSender sender, SentLog log, long nowNanos) {
    int frameNumber = next++;
    long mediaTicks = ticks[frameNumber];
    packetizer.packetize(frames.get(frameNumber).data(), (payload, bytes, isLast) ->
        sender.send(payload, bytes, mediaTicks, isLast, frameNumber, nowNanos));
    log.addFrame();
    if (next == frames.size()) {
      return END;
    }
    long dueNanos = ticks[next] * NANOS_PER_SECOND / clockRate;
    return dueNanos >= endNanos ? END : dueNanos;
  }

  @Override
  public void requestKeyFrame() {
    keyFrameRequests++;
  }

  @Override
  public long keyFrameRequests() {
    return keyFrameRequests;
  }
}
