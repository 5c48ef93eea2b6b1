package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Append-only segment files that hold whatever must survive a crash. Frames are written in the order given and become
 * durable together by a commit. A frame keeps its memory until it is durable, so that a failed write or force is made
 * good by writing it again elsewhere.
 *
 * <p>{@link #beginCommit} forces on another thread, and what comes meanwhile is written at once: a disk that takes long
 * over a force costs durability for so long, and nothing of what a killed process leaves.
 *
 * <p>What is durable is always the beginning of what was written: a segment is begun only after the one before was
 * forced, and grows beyond its size as long as that has to wait.
 *
 * <p>A segment is deleted when none of its frames means anything any more. Tombstones say so: they are durable before
 * the first segment they speak of goes, and outlive the last. Only a disk that refuses gets room before it has taken
 * them.
 *
 * <p>Owned by the spool thread; {@link #read} may be called by any.
 */
final class Journal {
  /** A segment this far behind the newest, with nothing but notes in it, gives them to the newest. */
  static final int CARRY_DISTANCE = 4;

  /** Most that is given to the disk at once, unless one frame alone is larger. */
  static final int WRITE_BYTES = 1 << 20;

  /** A full segment with more than this part of its size unforced is forced beside writing before it is left. */
  private static final int LEAVING_SHARE = 8;

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final SpoolDisk disk;
  private final long segmentBytes;
  private final long diskBudgetBytes;
  private final Executor forces;
  private final SpoolCounters counters;

  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final Deque<JournalFrame> waiting = new ArrayDeque<>();
  private final List<JournalFrame> unforced = new ArrayList<>();
  private final List<Segment> dirty = new ArrayList<>();
  private final List<Segment> deleted = new ArrayList<>();

  /** Segments with frames that were released since: no force covers the tombstones yet. */
  private final Set<Segment> loosened = new HashSet<>();
  private Segment current;
  private Force forcing;
  private long unforcedBytes;
  private boolean wantsCommit;
  private long nextNumber;
  private boolean namesDirty;
  private boolean failing;

  /** What the disk said when it refused; "" while it does not. */
  private volatile String refusal = "";

  /** @param forces runs the forces that {@link #beginCommit} begins */
  Journal(SpoolDisk disk, long segmentBytes, long diskBudgetBytes, Executor forces, SpoolCounters counters) {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.diskBudgetBytes = diskBudgetBytes;
    this.forces = forces;
    this.counters = counters;
  }

  /**
   * Reads what a process before this one left.
   *
   * @param frames gets each frame in order, payload in memory; it calls {@link #keep} for those that mean something
   */
  void open(Consumer<JournalFrame> frames) throws IOException {
    List<Long> numbers = disk.list().stream().map(Segment::numberOf).flatMap(Optional::stream)
        .sorted(Comparator.naturalOrder()).toList();
    for (long number : numbers) {
      SpoolDisk.SegmentFile file = disk.open(Segment.name(number));
      Segment segment = new Segment(number, file, file.bytes());
      segments.put(number, segment);
      counters.diskBytes.addAndGet(segment.bytes);
      counters.tornBytes.addAndGet(segment.scan(frames));
      file.force(); // the dead process may not have come to it, and from here on it counts as durable
      nextNumber = number + 1;
    }
    disk.forceNames();
  }

  /** Called while {@link #open} runs: the frame means something. */
  void keep(JournalFrame frame) {
    if (frame.type.isTombstone()) {
      pin(frame);
    } else {
      frame.segment.live.add(frame);
    }
  }

  /** The frame is to be written, behind all given before. */
  void add(JournalFrame frame) {
    if (!frame.isQueued) {
      frame.isQueued = true;
      waiting.add(frame);
    }
  }

  /** The frame is to be written and to take the place of an older one. */
  void replace(JournalFrame older, JournalFrame newer) {
    if (older != null) {
      older.isReplaced = true;
      newer.replaces = older;
    }
    add(newer);
  }

  /** The frame means nothing any more; a tombstone is given next, where one is needed. */
  void release(JournalFrame frame) {
    for (JournalFrame each = frame; each != null; each = each.replaces) {
      Stream.of(each.segment, each.movedFrom).filter(Objects::nonNull).forEach(loosened::add);
    }
    drop(frame);
  }

  private void drop(JournalFrame frame) {
    frame.isReleased = true;
    if (frame.segment != null) {
      frame.segment.live.remove(frame);
    }
    if (frame.movedFrom != null) {
      frame.movedFrom.live.remove(frame);
    }
    if (frame.replaces != null) {
      drop(frame.replaces);
      frame.replaces = null;
    }
  }

  /** Whether any frame of this recording was ever written to a segment that still exists. */
  boolean holdsFramesOf(long recording) {
    return segments.values().stream().anyMatch(segment -> segment.recordings.contains(recording));
  }

  /** Writes what waits; what the disk refuses goes on waiting. */
  void write() {
    while (skipReleased() && tryAppend()) {
      // goes on with what did not fit into one write
    }
  }

  /**
   * Makes everything given so far durable, however long the disk takes. No commit is under way.
   *
   * @return false if the disk refused anything; it is tried again next time
   */
  boolean commit() {
    write();
    beginForce();
    return finishCommit();
  }

  /**
   * Begins to make everything given so far durable. What is given or
   * written until {@link #finishCommit} is not covered. No commit is under way.
   *
   * @param done called by any thread, once {@link #finishCommit} has nothing to wait for
   */
  void beginCommit(Runnable done) {
    write();
    Force force = beginForce();
    forces.execute(() -> {
      force.run();
      done.run();
    });
  }

  /** A commit was begun and is not finished. */
  boolean isCommitting() {
    return forcing != null;
  }

  /** The commit that is under way has only to be finished. */
  boolean isForced() {
    return forcing != null && forcing.isDone();
  }

  /**
   * Ends the commit that was begun; waits for its force if it must.
   *
   * @return false if the disk refused anything; it is tried again next time
   */
  boolean finishCommit() {
    Force force = forcing;
    if (!finishForce()) {
      return false;
    }
    reclaim();
    boolean isWhole = force.coversAll && !force.isOvertaken;
    if (isWhole) {
      setFailing(false);
    }
    return isWhole;
  }

  /** A commit now, before its time, would let a full segment be left without holding up writes. */
  boolean wantsCommit() {
    return wantsCommit;
  }

  /** Anything that no commit covers, be it finished or under way. */
  boolean hasUncommitted() {
    return !waiting.isEmpty() || !unforced.isEmpty() || namesDirty;
  }

  /** The disk refused the last time. */
  boolean isFailing() {
    return failing;
  }

  /** Why the disk refused the last time, "" if it did not; may be called by any thread. */
  String refusal() {
    return refusal;
  }

  /**
   * The payload, from memory or disk.
   *
   * @throws IOException if the disk refuses, or gives other bytes than were written
   */
  static byte[] read(JournalFrame frame) throws IOException {
    byte[] inMemory = frame.payload();
    if (inMemory != null) {
      return inMemory;
    }
    Segment segment = frame.segment;
    JournalFrame found = segment.readFrame(frame.payloadAt - JournalFrame.HEADER_BYTES);
    if (found == null || found.payloadBytes != frame.payloadBytes) {
      throw new IOException("spool segment " + segment.name() + " is damaged at " + frame.payloadAt);
    }
    return found.payload();
  }

  void close() throws IOException {
    for (Segment segment : segments.values()) {
      segment.file.close();
    }
  }

  /** @return whether anything waits */
  private boolean skipReleased() {
    while (!waiting.isEmpty() && waiting.peek().isReleased) {
      waiting.poll();
    }
    return !waiting.isEmpty();
  }

  /** Appends as many of those that wait as one segment and one write take. @return false if the disk refuses */
  private boolean tryAppend() {
    JournalFrame first = waiting.peek();
    if (isOverBudget(first, 0)) {
      refused(new IOException("disk budget of " + diskBudgetBytes + " bytes is used up"));
      return false;
    }
    try {
      if (!openSegmentFor(first)) {
        return false;
      }
      append(nextWrite());
      return true;
    } catch (IOException e) {
      abandon(e);
      return false;
    }
  }

  private boolean isOverBudget(JournalFrame frame, long bytesBefore) {
    return frame.type == JournalFrame.Type.SLAB
        && counters.diskBytes.get() + bytesBefore + frame.journalBytes() > diskBudgetBytes;
  }

  /** The first that waits, for which there is room, and those behind it for which there is room as well. */
  private List<JournalFrame> nextWrite() {
    List<JournalFrame> write = new ArrayList<>();
    long bytes = 0;
    boolean growsOn = isFullFor(waiting.peek());
    for (JournalFrame frame : waiting) {
      boolean fits = (growsOn || current.bytes + bytes + frame.journalBytes() <= segmentBytes)
          && bytes + frame.journalBytes() <= WRITE_BYTES && !isOverBudget(frame, bytes);
      if (!write.isEmpty() && !fits || frame.isReleased) {
        break;
      }
      write.add(frame);
      bytes += frame.journalBytes();
    }
    return write;
  }

  private void append(List<JournalFrame> write) throws IOException {
    ByteBuffer[] parts = new ByteBuffer[2 * write.size()];
    for (int i = 0; i < write.size(); i++) {
      JournalFrame frame = write.get(i);
      byte[] payload = frame.payload();
      parts[2 * i] = frame.header(payload);
      parts[2 * i + 1] = ByteBuffer.wrap(payload);
      current.recordings.add(frame.recording); // before the write, which may leave a part of them and fail
    }
    current.file.append(parts);
    for (JournalFrame frame : write) {
      waiting.poll();
      appended(frame);
    }
  }

  private void appended(JournalFrame frame) {
    frame.payloadAt = current.bytes + JournalFrame.HEADER_BYTES;
    frame.segment = current;
    frame.isForced = false;
    grow(frame.journalBytes());
    counters.journalledBytes.addAndGet(frame.journalBytes());
    unforced.add(frame);
    unforcedBytes += frame.journalBytes();
    if (frame.type.isTombstone()) {
      pin(frame);
    } else {
      current.live.add(frame);
    }
  }

  /** @return false if there is none, and none can be begun now */
  private boolean openSegmentFor(JournalFrame frame) throws IOException {
    if (current != null && (!isFullFor(frame) || growsOn())) {
      return true;
    }
    if (isCommitting() || !force()) {
      return false;
    }
    long number = nextNumber++;
    current = new Segment(number, disk.create(Segment.name(number)), 0);
    namesDirty = true;
    segments.put(number, current);
    dirty.add(current);
    current.file.append(current.header());
    grow(Segment.HEADER_BYTES);
    return true;
  }

  private boolean isFullFor(JournalFrame frame) {
    return current.bytes > Segment.HEADER_BYTES && current.bytes + frame.journalBytes() > segmentBytes;
  }

  /** Whether to go on with a full segment, because to leave it now would hold up writes for a force. */
  private boolean growsOn() {
    if (isCommitting()) {
      return true;
    }
    wantsCommit = unforcedBytes > segmentBytes / LEAVING_SHARE && current.bytes < 2 * segmentBytes;
    return wantsCommit;
  }

  private void grow(long bytes) {
    current.bytes += bytes;
    counters.diskBytes.addAndGet(bytes);
    if (!dirty.contains(current)) {
      dirty.add(current);
    }
  }

  /** Nothing is appended behind a failed write. */
  private void abandon(IOException cause) {
    refused(cause);
    if (current == null) {
      return;
    }
    Segment broken = current;
    current = null;
    try {
      long onDisk = broken.file.bytes();
      counters.diskBytes.addAndGet(onDisk - broken.bytes);
      broken.bytes = onDisk;
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** No commit is under way. @return false if the disk refused */
  private boolean force() {
    beginForce();
    return finishForce();
  }

  private Force beginForce() {
    forcing = new Force(disk, unforced, dirty, deleted, waiting.isEmpty() ? loosened : Set.of(), namesDirty,
        waiting.isEmpty());
    loosened.removeAll(forcing.loosened);
    unforced.clear();
    unforcedBytes = 0;
    dirty.clear();
    deleted.clear();
    namesDirty = false;
    wantsCommit = false;
    return forcing;
  }

  private boolean finishForce() {
    Force force = forcing;
    try {
      force.join();
    } catch (IOException e) {
      forcing = null;
      writeAgainElsewhere(force, e);
      return false;
    }
    forcing = null;
    if (!force.segments.isEmpty()) {
      counters.commits.incrementAndGet();
    }
    force.deleted.forEach(this::unpinAll);
    force.frames.forEach(this::forced);
    return true;
  }

  private void forced(JournalFrame frame) {
    frame.isForced = true;
    frame.isQueued = false;
    if (frame.movedFrom != null) {
      frame.movedFrom.live.remove(frame);
      frame.movedFrom = null;
    }
    if (frame.replaces != null) {
      drop(frame.replaces);
      frame.replaces = null;
    }
  }

  /**
   * After a failed force nobody knows what of the bytes before it reached the disk, and a second force may lie; so what
   * was not durable yet, written before it or since, is written once more, into a new segment. The page cache has it
   * all the same: the old segment stays, for a process that is killed meanwhile, until that is forced.
   */
  private void writeAgainElsewhere(Force failed, IOException cause) {
    refused(cause);
    namesDirty |= failed.coversNames;
    deleted.addAll(failed.deleted);
    loosened.addAll(failed.loosened);
    unforced.addAll(0, failed.frames);
    for (JournalFrame frame : unforced.reversed()) {
      if (frame.isReleased) {
        continue;
      }
      if (frame.movedFrom == null) {
        frame.movedFrom = frame.segment;
      } else {
        frame.segment.live.remove(frame);
      }
      waiting.addFirst(frame);
    }
    unforced.clear();
    unforcedBytes = 0;
    dirty.clear();
    current = null;
  }

  private void refused(IOException cause) {
    counters.diskFailures.incrementAndGet();
    if (forcing != null) {
      forcing.isOvertaken = true;
    }
    if (!failing) {
      log.atError().addKeyValue("cause", cause.getMessage())
          .log("spool disk refuses; tapes go on in memory until it is full");
    }
    refusal = String.valueOf(cause.getMessage());
    setFailing(true);
  }

  private void setFailing(boolean failing) {
    if (this.failing && !failing) {
      log.atInfo().log("spool disk takes bytes again");
      refusal = "";
    }
    this.failing = failing;
    counters.diskFailing.set(failing ? 1 : 0);
  }

  /** Binds a tombstone to the older segments that hold what it takes back. */
  private void pin(JournalFrame tombstone) {
    for (Segment segment : segments.headMap(tombstone.segment.number).values()) {
      if (segment.recordings.contains(tombstone.recording) && segment.tombstones.add(tombstone)) {
        tombstone.pins++;
      }
    }
    if (tombstone.pins > 0) {
      tombstone.segment.live.add(tombstone);
    }
  }

  private void unpinAll(Segment gone) {
    for (JournalFrame tombstone : gone.tombstones) {
      if (--tombstone.pins == 0) {
        drop(tombstone);
      }
    }
  }

  private void reclaim() {
    List<Segment> all = new ArrayList<>(segments.values());
    for (Segment segment : all) {
      if (segment == current || dirty.contains(segment)) {
        continue;
      }
      if (segment.live.isEmpty() && mayGo(segment)) {
        delete(segment);
      } else if (segment.number + CARRY_DISTANCE < nextNumber && holdsOnlyNotes(segment.live)) {
        carry(segment);
      }
    }
  }

  /** What the disk refuses may be the tombstones, for want of the room that this segment gives back. */
  private boolean mayGo(Segment segment) {
    return !loosened.contains(segment) || failing;
  }

  private void delete(Segment segment) {
    try {
      segment.file.close();
      disk.delete(segment.name());
    } catch (IOException e) {
      refused(e);
      return;
    }
    segments.remove(segment.number);
    loosened.remove(segment);
    counters.diskBytes.addAndGet(-segment.bytes);
    deleted.add(segment);
    namesDirty = true;
  }

  private static boolean holdsOnlyNotes(Collection<JournalFrame> frames) {
    return frames.stream().noneMatch(frame -> frame.type == JournalFrame.Type.SLAB);
  }

  private void carry(Segment segment) {
    for (JournalFrame note : List.copyOf(segment.live)) {
      if (!note.isReplaced && !note.isQueued && note.movedFrom == null) {
        note.movedFrom = segment;
        add(note);
      }
    }
  }
}
