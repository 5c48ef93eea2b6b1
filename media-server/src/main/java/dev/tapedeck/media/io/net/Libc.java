package dev.tapedeck.media.io.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few calls of Linux's C library that the media loop makes. They are the same on x86_64 and aarch64. Errors come
 * back as negative {@code errno}; calling allocates nothing.
 */
final class Libc {
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EINVAL = 22;
  static final int EADDRINUSE = 98;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;

  /** Tells with each message when the kernel received it; the control message has the same number. */
  static final int SO_TIMESTAMPNS = 35;

  private static final int CLOCK_REALTIME = 0;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;

  /** Level of {@link #UDP_SEGMENT}. */
  static final int SOL_UDP = 17;

  /** Cuts one message into datagrams of equal size (linux/udp.h). */
  static final int UDP_SEGMENT = 103;

  /** Bytes of a struct mmsghdr. */
  static final int MMSGHDR_BYTES = 64;

  static final int MSG_DONTWAIT = 0x40;
  static final short POLLIN = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND = handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKNAME =
      handle("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle SETSOCKOPT =
      handle("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EVENTFD = handle("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle RECVMMSG =
      handle("recvmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle SENDMMSG =
      handle("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOCK_GETTIME =
      handle("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle PPOLL =
      handle("ppoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

  private final MemorySegment state;
  private final MemorySegment time;

  /** @param arena lives as long as this object is used; one object per thread */
  Libc(Arena arena) {
    state = arena.allocate(STATE);
    time = arena.allocate(16, 8);
  }

  /** Whether this platform has these calls. */
  static boolean isAvailable() {
    return System.getProperty("os.name").equals("Linux");
  }

  int socket(int family) {
    try {
      return result((int) SOCKET.invokeExact(state, family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bind(int fd, MemorySegment address, int bytes) {
    try {
      return result((int) BIND.invokeExact(state, fd, address, bytes));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int getsockname(int fd, MemorySegment address, MemorySegment bytes) {
    try {
      return result((int) GETSOCKNAME.invokeExact(state, fd, address, bytes));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int setsockopt(int fd, int level, int name, MemorySegment value, int bytes) {
    try {
      return result((int) SETSOCKOPT.invokeExact(state, fd, level, name, value, bytes));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int close(int fd) {
    try {
      return result((int) CLOSE.invokeExact(state, fd));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int eventfd() {
    try {
      return result((int) EVENTFD.invokeExact(state, 0, SOCK_NONBLOCK | SOCK_CLOEXEC));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  long read(int fd, MemorySegment buffer, long bytes) {
    try {
      return result((long) READ.invokeExact(state, fd, buffer, bytes));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  long write(int fd, MemorySegment buffer, long bytes) {
    try {
      return result((long) WRITE.invokeExact(state, fd, buffer, bytes));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** @return messages received, or negative errno */
  int recvmmsg(int fd, MemorySegment messages, int count) {
    try {
      return result((int) RECVMMSG.invokeExact(state, fd, messages, count, MSG_DONTWAIT, MemorySegment.NULL));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * @param from number of the first message of the array that is to be sent
   * @return messages sent, or negative errno if not even the first could be
   */
  int sendmmsg(int fd, MemorySegment messages, int from, int count) {
    try {
      MemorySegment first = messages.asSlice((long) from * MMSGHDR_BYTES);
      return result((int) SENDMMSG.invokeExact(state, fd, first, count, MSG_DONTWAIT));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Nanoseconds since 1970, finer than what Java tells without garbage. */
  long wallNanos() {
    try {
      result((int) CLOCK_GETTIME.invokeExact(state, CLOCK_REALTIME, time));
      return time.get(JAVA_LONG, 0) * 1_000_000_000L + time.get(JAVA_LONG, 8);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int ppoll(MemorySegment descriptors, long count, MemorySegment timeout) {
    try {
      return result((int) PPOLL.invokeExact(state, descriptors, count, timeout, MemorySegment.NULL));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private int result(int value) {
    return value >= 0 ? value : -(int) ERRNO.get(state, 0L);
  }

  private long result(long value) {
    return value >= 0 ? value : -(int) ERRNO.get(state, 0L);
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
  }

  private static IllegalStateException unexpected(Throwable t) {
    return new IllegalStateException("a call of the C library failed in Java", t);
  }
}
