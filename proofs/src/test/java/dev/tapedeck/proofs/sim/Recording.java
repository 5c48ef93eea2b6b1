package dev.tapedeck.proofs.sim;

import java.util.ArrayList;
import java.util.List;

/** One recording as the media server that ran it knows it. */
final class Recording {
  static final long NOT_STOPPED = Long.MAX_VALUE;

  final String app;
  final String room;
  final long roomInstance;
  final long id;
  final List<TapedSession> sessions = new ArrayList<>();

  /** Its first packet in the process that runs it was told of. */
  boolean isTold;

  /** When its end was told to the spool, monotonic. */
  long stoppedNanos = NOT_STOPPED;

  /** Whether the manifest may, or must, say that nobody knows who joined last. */
  boolean mayEndByCrash;

  boolean mustEndByCrash;
  private boolean isOrphan;

  /** Its close may have been told before it went on. */
  boolean wentOnAfterItsEnd;

  /** A process found it open after another had died. */
  boolean isLeftOpen;

  /** On whose disk it is until it is stored. */
  final Machine home;

  Recording(Machine home, String app, String room, long roomInstance, long id) {
    this.home = home;
    this.app = app;
    this.room = room;
    this.roomInstance = roomInstance;
    this.id = id;
  }

  /** Somebody is taped again after its process died. */
  void goesOn() {
    wentOnAfterItsEnd |= stoppedNanos < NOT_STOPPED;
    isTold = false;
    mayEndByCrash = true;
    stoppedNanos = NOT_STOPPED;
  }

  /** Its process is gone. @param safeNanos what it did until then was on the disk */
  void orphaned(long safeNanos) {
    boolean isFirst = !isOrphan;
    isOrphan = true;
    if (isFirst && stoppedNanos > safeNanos) {
      mayEndByCrash = true;
      mustEndByCrash = stoppedNanos == NOT_STOPPED;
    }
    sessions.forEach(session -> session.orphaned(safeNanos));
  }

  /** Its disk is gone as well, before everything on it was stored. */
  void buried() {
    mayEndByCrash = true;
    mustEndByCrash = false;
    sessions.forEach(TapedSession::buried);
  }

  boolean isEmpty() {
    return sessions.stream().allMatch(TapedSession::isEmpty);
  }
}
