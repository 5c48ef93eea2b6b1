package dev.tapedeck.media.core.ice;

import dev.tapedeck.media.core.ice.StunResponse.Refusal;
import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ICE-lite side of one session (RFC 8445 §2.5): always controlled, it answers checks, remembers the paths that
 * passed one, and follows the client's choice among them. Owned by the session's worker thread; never sends by itself.
 *
 * <p>Media and DTLS leave by {@link #selectedPath()}: the path nominated last, or, before any nomination, the first
 * that passed a check. Libwebrtc nominates anew when it moves, also to a path of lower priority, so the latest
 * nomination holds and priorities are not compared.
 */
public final class IceLiteAgent {
  /** Most paths of a session; above it the one checked longest ago is forgotten, never the selected one. */
  public static final int MAX_PATHS = 16;

  /** Longest response {@link #handleRequest} writes. */
  public static final int MAX_RESPONSE_BYTES = StunResponse.MAX_BYTES;

  /** How long one valid check lets us send (RFC 7675 §5.1). */
  public static final long DEFAULT_CONSENT_NANOS = 30_000_000_000L;

  /** What changes in a session's reachability. Calls come from within {@link #handleRequest} and only take notes. */
  public interface Listener {
    /** A check from this path passed: its datagrams belong to this session from now on. */
    void pathAdded(Path path);

    /** The path was forgotten in favour of newer ones. */
    void pathRemoved(Path path);

    /** Send here from now on. */
    void pathSelected(Path path);

    /** A restart is complete: these credentials are answered no longer. */
    void credentialsRetired(IceCredentials credentials);
  }

  /** One set of credentials, its password already in a keyed MAC. */
  private record Generation(IceCredentials local, byte[] username, Mac mac) {
    static Generation of(IceCredentials local, String remoteUfrag) {
      byte[] username = (local.ufrag() + ":" + remoteUfrag).getBytes(StandardCharsets.UTF_8);
      try {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(local.pwd().getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
        return new Generation(local, username, mac);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java has no HmacSHA1, which every Java must have", e);
      }
    }
  }

  private final Listener listener;
  private final long consentNanos;
  private final StunRequest request = new StunRequest();
  private final StunResponse response = new StunResponse();
  private final Path[] paths = new Path[MAX_PATHS]; // checked last comes last
  private int pathCount;
  private Path selected;
  private boolean isNominated;
  private Generation current;
  private Generation restarted;
  private long lastValidCheckNanos;
  private long passedChecks;
  private long refusedChecks;

  /**
   * @param remoteUfrag  from the client's description
   * @param consentNanos how long a valid check lets us send, usually {@link #DEFAULT_CONSENT_NANOS}; the first one has
   *                     the same time to arrive
   */
  public IceLiteAgent(
      long nowNanos, IceCredentials local, String remoteUfrag, long consentNanos, Listener listener) {
    this.current = Generation.of(local, remoteUfrag);
    this.consentNanos = consentNanos;
    this.listener = listener;
    this.lastValidCheckNanos = nowNanos;
  }

  /**
   * Takes one datagram of kind STUN.
   *
   * @param out may be the same memory; not read
   * @return length of the response to send back on {@code path}, at most {@link #MAX_RESPONSE_BYTES}; 0 for none: not a
   *     binding request, a wrong FINGERPRINT, or {@code outCapacity} too small
   */
  public int handleRequest(
      long nowNanos, Path path, MemorySegment memory, long offset, int length,
      MemorySegment out, long outOffset, int outCapacity) {
    if (!request.read(memory, offset, length)) {
      return 0;
    }
    if (!request.hasCredentials()) {
      return refuse(Refusal.BAD_REQUEST, out, outOffset, outCapacity);
    }
    Generation generation = authenticated();
    if (generation == null) {
      return refuse(Refusal.UNAUTHENTICATED, out, outOffset, outCapacity);
    }
    if (request.unknownCount() > 0) {
      return refuse(Refusal.UNKNOWN_ATTRIBUTE, generation, out, outOffset, outCapacity);
    }
    // A lite agent cannot take the controlling part, so it wins every conflict (RFC 8445 §7.3.1.1).
    if (request.isFromControlled()) {
      return refuse(Refusal.ROLE_CONFLICT, generation, out, outOffset, outCapacity);
    }
    passedChecks++;
    lastValidCheckNanos = nowNanos;
    remember(path);
    select(path, generation);
    return response.writeSuccess(request, path, generation.mac(), out, outOffset, outCapacity);
  }

  private int refuse(Refusal refusal, MemorySegment out, long offset, int capacity) {
    refusedChecks++;
    return response.writeRefusal(request, refusal, out, offset, capacity);
  }

  private int refuse(Refusal refusal, Generation generation, MemorySegment out, long offset, int capacity) {
    refusedChecks++;
    return response.writeRefusal(request, refusal, generation.mac(), out, offset, capacity);
  }

  private Generation authenticated() {
    if (isOf(current)) {
      return current;
    }
    return restarted != null && isOf(restarted) ? restarted : null;
  }

  private boolean isOf(Generation generation) {
    return request.isForUsername(generation.username()) && request.isAuthentic(generation.mac());
  }

  private void remember(Path path) {
    int at = indexOf(path);
    if (at < 0) {
      if (pathCount == MAX_PATHS) {
        forgetOldest();
      }
      paths[pathCount++] = path;
      listener.pathAdded(path);
      return;
    }
    System.arraycopy(paths, at + 1, paths, at, pathCount - at - 1);
    paths[pathCount - 1] = path;
  }

  private void forgetOldest() {
    int oldest = paths[0] == selected ? 1 : 0;
    Path forgotten = paths[oldest];
    System.arraycopy(paths, oldest + 1, paths, oldest, pathCount - oldest - 1);
    paths[--pathCount] = null;
    listener.pathRemoved(forgotten);
  }

  private int indexOf(Path path) {
    for (int i = 0; i < pathCount; i++) {
      if (paths[i] == path) {
        return i;
      }
    }
    return -1;
  }

  private void select(Path path, Generation generation) {
    if (request.hasUseCandidate()) {
      if (generation == restarted) {
        completeRestart();
      }
      isNominated = true;
      moveTo(path);
    } else if (selected == null) {
      moveTo(path);
    }
  }

  /** From here on the old credentials are refused, so that a late check with them cannot undo this nomination. */
  private void completeRestart() {
    IceCredentials retired = current.local();
    current = restarted;
    restarted = null;
    listener.credentialsRetired(retired);
  }

  private void moveTo(Path path) {
    if (selected != path) {
      selected = path;
      listener.pathSelected(path);
    }
  }

  /**
   * Begins an ICE restart (RFC 8445 §9). Checks with either credentials are answered, and media stays where it is,
   * until a path is nominated under the new ones. A second restart before that replaces the first.
   */
  public void restart(IceCredentials local, String remoteUfrag) {
    if (restarted != null) {
      listener.credentialsRetired(restarted.local());
    }
    restarted = Generation.of(local, remoteUfrag);
  }

  /** All paths that passed a check and are not forgotten. */
  public List<Path> paths() {
    return List.of(Arrays.copyOf(paths, pathCount));
  }

  /** Keys of the user name fragments that checks are answered for: the current one and, during a restart, the new one. */
  public List<Long> ufragKeys() {
    long key = current.local().ufragKey();
    return restarted == null ? List.of(key) : List.of(key, restarted.local().ufragKey());
  }

  /** Whether there is a path to send on. */
  public boolean hasSelectedPath() {
    return selected != null;
  }

  /** Where to send; only when {@link #hasSelectedPath()}. */
  public Path selectedPath() {
    if (selected == null) {
      throw new IllegalStateException("no check has passed yet");
    }
    return selected;
  }

  /** Whether the client has nominated a path, which ends ICE's search. */
  public boolean isNominated() {
    return isNominated;
  }

  /** Whether a check from this very path object passed; paths are interned by the worker. */
  public boolean hasPath(Path path) {
    return indexOf(path) >= 0;
  }

  /** Whether the client still agrees to receive (RFC 7675); when not, nothing may be sent and the session is over. */
  public boolean isConsentFresh(long nowNanos) {
    return nowNanos - lastValidCheckNanos <= consentNanos;
  }

  /** When {@link #isConsentFresh} turns false if no check comes. */
  public long nextTimeoutNanos() {
    return lastValidCheckNanos + consentNanos + 1;
  }

  /** Requests answered with success. */
  public long passedChecks() {
    return passedChecks;
  }

  /** Requests answered with an error. */
  public long refusedChecks() {
    return refusedChecks;
  }
}
