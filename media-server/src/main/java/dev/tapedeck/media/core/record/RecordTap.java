package dev.tapedeck.media.core.record;
import java.lang.foreign.MemorySegment;
public final class RecordTap {
  public RecordTap(TapeIdentity i, RecordLimits l, SlabSink s, WallClock w, long now) {}
  public int addTrack(long now, TrackInfo t) { return 1; }
  public void updateTrack(long now, int n, TrackInfo t) {}
  public void rtp(int track, long arrivalNanos, MemorySegment memory, long offset, int length, boolean repaired, boolean key) {}
  public void senderReport(int track, long arrivalNanos, MemorySegment memory, long offset, int length) {}
  public void roomEvent(long nowNanos, String json) {}
  public void handleTimeout(long nowNanos) {}
  public long nextTimeoutNanos() { return Long.MAX_VALUE; }
  public void close(long nowNanos, TapeEnd end) {}
}
