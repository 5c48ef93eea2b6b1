package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.session.PeerSession;
import java.util.function.Predicate;

/**
 * Which session a datagram belongs to, by the path it came in on. Only paths that passed a STUN check with
 * MESSAGE-INTEGRITY get in, so strangers cannot fill it. Open addressing with linear probing; looking up allocates
 * nothing.
 */
final class PathTable {
  /** A path and the session that proved it. */
  static final class Binding {
    final Path path;
    PeerSession session;

    Binding(Path path, PeerSession session) {
      this.path = path;
      this.session = session;
    }
  }

  private Binding[] table = new Binding[256];
  private int size;

  /** The binding of this path, or null. */
  Binding find(int socket, long high, long low, int port) {
    int mask = table.length - 1;
    for (int i = hash(socket, high, low, port) & mask; ; i = (i + 1) & mask) {
      Binding binding = table[i];
      if (binding == null || matches(binding.path, socket, high, low, port)) {
        return binding;
      }
    }
  }

  /** Binds the path, replacing what was bound to it. */
  void bind(Path path, PeerSession session) {
    Binding existing = find(path.socket(), path.high(), path.low(), path.port());
    if (existing != null) {
      existing.session = session;
      return;
    }
    if ((size + 1) * 2 > table.length) {
      grow();
    }
    insert(new Binding(path, session));
    size++;
  }

  /** Removes every path of this session. */
  void unbindAll(PeerSession session) {
    unbindIf(binding -> binding.session == session);
  }

  /** Removes one path, unless it belongs to another session by now. */
  void unbind(Path path, PeerSession session) {
    unbindIf(binding -> binding.path == path && binding.session == session);
  }

  private void unbindIf(Predicate<Binding> goes) {
    Binding[] old = table;
    table = new Binding[old.length];
    size = 0;
    for (Binding binding : old) {
      if (binding != null && !goes.test(binding)) {
        insert(binding);
        size++;
      }
    }
  }

  int size() {
    return size;
  }

  private void grow() {
    Binding[] old = table;
    table = new Binding[old.length * 2];
    for (Binding binding : old) {
      if (binding != null) {
        insert(binding);
      }
    }
  }

  private void insert(Binding binding) {
    Path path = binding.path;
    int mask = table.length - 1;
    int i = hash(path.socket(), path.high(), path.low(), path.port()) & mask;
    while (table[i] != null) {
      i = (i + 1) & mask;
    }
    table[i] = binding;
  }

  private static boolean matches(Path path, int socket, long high, long low, int port) {
    return path.low() == low && path.port() == port && path.high() == high && path.socket() == socket;
  }

  private static int hash(int socket, long high, long low, int port) {
    long mixed = (low * 0x9E3779B97F4A7C15L) ^ (high * 0xC2B2AE3D27D4EB4FL) ^ ((long) port << 17 | socket);
    mixed ^= mixed >>> 29;
    mixed *= 0xBF58476D1CE4E5B9L;
    return (int) (mixed ^ mixed >>> 32);
  }
}
