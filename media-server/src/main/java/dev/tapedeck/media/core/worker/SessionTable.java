package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.session.PeerSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sessions on this worker, and how their datagrams find them. */
final class SessionTable {
  final PathTable<PeerSession> paths = new PathTable<>();
  private final Map<Long, PeerSession> byId = new HashMap<>();

  /** Sessions that are over, while their clients still take the last words. */
  private final Map<Long, PeerSession> ended = new HashMap<>();

  private final Map<Long, PeerSession> byUfrag = new HashMap<>();

  /** Takes in a session with all that is known of it. */
  void add(PeerSession session) {
    byId.put(session.spec().id(), session);
    session.ufrags().forEach(ufrag -> addUfrag(session, ufrag));
    session.paths().forEach(path -> paths.bind(path, session));
  }

  /** The session is over; its datagrams still find it, until it is removed. */
  void end(PeerSession session) {
    byId.remove(session.spec().id());
    ended.put(session.spec().id(), session);
  }

  /** Forgets all there is of a session, whether it goes elsewhere or is gone. */
  void remove(PeerSession session) {
    byId.remove(session.spec().id());
    ended.remove(session.spec().id());
    byUfrag.values().removeIf(other -> other == session);
    paths.unbindAll(session);
  }

  void addUfrag(PeerSession session, long ufragKey) {
    byUfrag.put(ufragKey, session);
  }

  void removeUfrag(long ufragKey) {
    byUfrag.remove(ufragKey);
  }

  /** The session of this id, or null. */
  PeerSession find(long id) {
    return byId.get(id);
  }

  /** As {@link #find}, also one that is over and not yet gone. */
  PeerSession findAlsoEnded(long id) {
    return byId.getOrDefault(id, ended.get(id));
  }

  /** The session a check is meant for, or null. */
  PeerSession findByUfrag(long ufragKey) {
    return byUfrag.get(ufragKey);
  }

  boolean has(long id) {
    return byId.containsKey(id);
  }

  /** Whether there is none, not even one that is over. */
  boolean isEmpty() {
    return byId.isEmpty() && ended.isEmpty();
  }

  /** Those that are not over. */
  List<PeerSession> all() {
    return List.copyOf(byId.values());
  }

  /** Removes what stands for this path, whoever's it is. */
  void unbind(Path path) {
    paths.unbind(path);
  }
}
