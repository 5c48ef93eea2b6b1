package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.room.Traveller;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.stats.WorkerCounters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions that live on another worker than the one whose sockets their clients know: a room has one worker, and whoever
 * joins it late from elsewhere moves there as a guest (docs/adr/0017). The worker of the sockets is the session's
 * <em>front</em> for life: it passes on what comes in, and it is told where the session is and how it is reached. What
 * goes out leaves by the front's sockets without a detour.
 *
 * <p>All moves lead over the front, so that one worker always knows where a session is.
 */
final class Guests {
  private final Colleagues colleagues;
  private final WorkerCounters counters;

  /** Sessions of our sockets, on other workers. */
  private final Map<Long, AwaySession> away = new HashMap<>();

  private final PathTable<AwaySession> awayByPath = new PathTable<>();
  private final Map<Long, AwaySession> awayByUfrag = new HashMap<>();

  /** Fronts of the sessions here that came from other workers. */
  private final Map<Long, Integer> fronts = new HashMap<>();

  Guests(Colleagues colleagues, WorkerCounters counters) {
    this.colleagues = colleagues;
    this.counters = counters;
  }

  /**
   * Passes on a datagram that no session here accounts for.
   *
   * @return false if no session elsewhere does either
   */
  boolean passOn(long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    PathTable.Binding<AwaySession> binding = awayByPath.find(socket, high, low, port);
    if (binding == null) {
      return false;
    }
    passOn(binding.owner, arrivalNanos, socket, high, low, port, offset, length);
    return true;
  }

  /** As {@link #passOn}, for a check with this user name fragment. */
  boolean passOnCheck(
      long ufragKey, long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    AwaySession session = awayByUfrag.get(ufragKey);
    if (session == null) {
      return false;
    }
    passOn(session, arrivalNanos, socket, high, low, port, offset, length);
    return true;
  }

  private void passOn(
      AwaySession session, long arrivalNanos, int socket, long high, long low, int port, long offset, int length) {
    if (colleagues.passOn(session.worker, arrivalNanos, socket, high, low, port, offset, length)) {
      counters.datagramsPassedOn++;
    } else {
      counters.drop(DropReason.GUEST_QUEUE_FULL);
    }
  }

  /** Passes on what is asked of a session; false if it is not away. */
  boolean passOn(WorkerCommand.ToSession command) {
    AwaySession session = away.get(command.session());
    if (session == null) {
      return false;
    }
    colleagues.tell(session.worker, new WorkerCommand.ToGuest(colleagues.here(), command));
    return true;
  }

  /** Sends on a session that is in none of our tables any more. */
  void send(Traveller traveller) {
    PeerSession session = traveller.session();
    Integer front = fronts.remove(session.spec().id());
    if (front == null) {
      forward(colleagues.here(), traveller);
    } else {
      colleagues.tell(front, new WorkerCommand.Adopt(front, traveller));
    }
  }

  /**
   * Takes note of one that has come.
   *
   * @param mayGoOn whether one that only comes by may be sent on
   * @return whether it stays
   */
  boolean receive(int front, Traveller traveller, boolean mayGoOn) {
    if (mayGoOn && traveller.destination() != colleagues.here()) {
      forward(front, traveller);
      return false;
    }
    long id = traveller.session().spec().id();
    if (front == colleagues.here()) {
      forget(id);
    } else {
      fronts.put(id, front);
      counters.guestsReceived++;
    }
    return true;
  }

  private void forward(int front, Traveller traveller) {
    PeerSession session = traveller.session();
    AwaySession gone = away.computeIfAbsent(session.spec().id(), AwaySession::new);
    gone.worker = traveller.destination();
    reach(gone, session.paths(), session.ufrags());
    colleagues.tell(traveller.destination(), new WorkerCommand.Adopt(front, traveller));
  }

  /** Its worker tells how a session of our sockets is reached now; paths that are new to it. */
  List<Path> reach(WorkerCommand.Reach reach) {
    AwaySession session = away.get(reach.session());
    if (session == null) {
      return List.of();
    }
    List<Path> added = reach.paths().stream().filter(path -> !session.paths.contains(path)).toList();
    reach(session, reach.paths(), reach.ufrags());
    return added;
  }

  private void reach(AwaySession session, List<Path> paths, List<Long> ufrags) {
    awayByPath.unbindAll(session);
    awayByUfrag.values().removeIf(other -> other == session);
    session.paths = paths;
    session.ufrags = ufrags;
    paths.forEach(path -> awayByPath.bind(path, session));
    ufrags.forEach(ufrag -> awayByUfrag.put(ufrag, session));
  }

  /** Something about the ways to a session here has changed; its front has to know. */
  void tellReach(PeerSession session) {
    Integer front = fronts.get(session.spec().id());
    if (front != null) {
      colleagues.tell(front, new WorkerCommand.Reach(session.spec().id(), session.paths(), session.ufrags()));
    }
  }

  /** Whether a session here came from another worker. */
  boolean isGuest(PeerSession session) {
    return fronts.containsKey(session.spec().id());
  }

  /** Nothing of a session here is left, not even its last words; if it was a guest, its front is told. */
  void gone(PeerSession session) {
    Integer front = fronts.remove(session.spec().id());
    if (front != null) {
      colleagues.tell(front, new WorkerCommand.GuestEnded(session.spec().id()));
    }
  }

  /** A session of our sockets is not away any more. */
  void forget(long id) {
    AwaySession session = away.remove(id);
    if (session != null) {
      reach(session, List.of(), List.of());
    }
  }

  /** Sessions of our sockets that other workers have. */
  int awaySessions() {
    return away.size();
  }

  /** Sessions here that came from other workers. */
  int guests() {
    return fronts.size();
  }
}
