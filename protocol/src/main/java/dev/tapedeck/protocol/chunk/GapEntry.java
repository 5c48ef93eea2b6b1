package dev.tapedeck.protocol.chunk;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tapedeck.protocol.wire.Gap;
import java.util.Optional;

/**
 * A span of which something is missing on the tape, though it reached the server.
 *
 * @param track     number of the track, 0 for all tracks of the session
 * @param fromMs    Unix milliseconds
 * @param toMs      Unix milliseconds, not before {@code fromMs}
 * @param cause     {@link #CRASH}, {@link #DISK}, {@link #UPLOAD}, {@link #QUEUE}, {@link #SHED}, {@link #MUTED} or
 *                  {@link #PAUSED}
 * @param packets   how many are missing, 0 when nobody can know
 * @param requested it was asked for and leaves a recording complete: a {@link #SHED} by the recording's policy,
 *                  {@link #MUTED}, {@link #PAUSED}
 */
public record GapEntry(
    int track,
    long fromMs,
    long toMs,
    String cause,
    long packets,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean requested) {
  /** The process or machine died before these bytes were safe. */
  public static final String CRASH = "crash";
  /** The disk refused. */
  public static final String DISK = "disk";
  /** The bytes were given up before a store took them. */
  public static final String UPLOAD = "upload";
  /** The spool could not take them in time. */
  public static final String QUEUE = "queue";
  /** Left out on purpose, because the budget was short. */
  public static final String SHED = "shed";
  /** Left out because the track was muted by order. */
  public static final String MUTED = "muted";
  /** Left out because the recording was paused. */
  public static final String PAUSED = "paused";

  public GapEntry {
    cause = cause == null ? "" : cause;
  }

  /** A span that nobody asked to leave out. */
  public GapEntry(int track, long fromMs, long toMs, String cause, long packets) {
    this(track, fromMs, toMs, cause, packets, false);
  }

  /** As the connector is told of it. */
  public Gap toWire() {
    return Gap.newBuilder().setTrack(track).setFromMs(fromMs).setToMs(toMs).setCause(cause).setPackets(packets)
        .setRequested(requested).build();
  }

  public byte[] toJson() {
    return ChunkJson.write(this);
  }

  public static Optional<GapEntry> parse(byte[] json) {
    return ChunkJson.read(json, GapEntry.class);
  }
}
