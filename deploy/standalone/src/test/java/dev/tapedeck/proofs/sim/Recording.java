package dev.tapedeck.proofs.sim;

import java.util.ArrayList;
import java.util.List;

/** One recording as the media server that ran it knows it. */
final class Recording {
  final String app;
  final String room;
  final long roomInstance;
  final long id;
  final List<TapedSession> sessions = new ArrayList<>();

  /** On whose disk it is until it is stored. */
  final Machine home;

  Recording(Machine home, String app, String room, long roomInstance, long id) {
    this.home = home;
    this.app = app;
    this.room = room;
    this.roomInstance = roomInstance;
    this.id = id;
  }

  boolean isEmpty() {
    return sessions.stream().allMatch(TapedSession::isEmpty);
  }
}
