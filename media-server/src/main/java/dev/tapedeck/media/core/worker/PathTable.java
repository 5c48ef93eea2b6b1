package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.packet.Path;
import java.util.function.Predicate;

/**
 * Whose a datagram is, by the path it came in on. Only paths that passed a STUN check with MESSAGE-INTEGRITY get in, so
 * strangers cannot fill it. Open addressing with linear probing; looking up allocates nothing.
 *
 * @param <T> the session, or what stands for it
 */
final class PathTable<T> {
  /** A path and whoever proved it. */
  static final class Binding<T> {
    final Path path;
    T owner;

    Binding(Path path, T owner) {
      this.path = path;
      this.owner = owner;
    }
  }

  private Binding<T>[] table = newTable(256);
  private int size;

  /** The binding of this path, or null. */
  Binding<T> find(int socket, long high, long low, int port) {
    int mask = table.length - 1;
    for (int i = hash(socket, high, low, port) & mask; ; i = (i + 1) & mask) {
      Binding<T> binding = table[i];
      if (binding == null || matches(binding.path, socket, high, low, port)) {
        return binding;
      }
    }
  }

  /** Binds the path, replacing what was bound to it. */
  void bind(Path path, T owner) {
    Binding<T> existing = find(path.socket(), path.high(), path.low(), path.port());
    if (existing != null) {
      existing.owner = owner;
      return;
    }
    if ((size + 1) * 2 > table.length) {
      grow();
    }
    insert(new Binding<>(path, owner));
    size++;
  }

  /** Removes every path of this owner. */
  void unbindAll(T owner) {
    unbindIf(binding -> binding.owner == owner);
  }

  /** Removes one path, unless it belongs to another by now. */
  void unbind(Path path, T owner) {
    unbindIf(binding -> binding.path == path && binding.owner == owner);
  }

  /** Removes one path, whoever it belongs to. */
  void unbind(Path path) {
    unbindIf(binding -> binding.path.equals(path));
  }

  private void unbindIf(Predicate<Binding<T>> goes) {
    Binding<T>[] old = table;
    table = newTable(old.length);
    size = 0;
    for (Binding<T> binding : old) {
      if (binding != null && !goes.test(binding)) {
        insert(binding);
        size++;
      }
    }
  }

  int size() {
    return size;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <T> Binding<T>[] newTable(int length) {
    return new Binding[length];
  }

  private void grow() {
    Binding<T>[] old = table;
    table = newTable(old.length * 2);
    for (Binding<T> binding : old) {
      if (binding != null) {
        insert(binding);
      }
    }
  }

  private void insert(Binding<T> binding) {
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
