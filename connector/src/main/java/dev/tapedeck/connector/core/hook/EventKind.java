package dev.tapedeck.connector.core.hook;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import dev.tapedeck.protocol.wire.HookEvent;

/** The short name of an event, such as {@code record.finalized}; feeds show it and hooks are filtered by it. */
public final class EventKind {
  /** So many, and of use to so few, that only who names it gets it. */
  public static final String CHUNK_STORED = "record.chunk_stored";

  private EventKind() {}

  public static String of(HookEvent event) {
    FieldDescriptor outer = variant(event);
    if (outer == null) {
      return "unknown";
    }
    FieldDescriptor inner = variant((Message) event.getField(outer));
    return inner == null ? outer.getName() : outer.getName() + "." + inner.getName();
  }

  /** Whether a filter such as {@code record} or {@code record.finalized} takes in this kind. */
  public static boolean matches(String filter, String kind) {
    return kind.equals(filter) || kind.startsWith(filter + ".") && !kind.equals(CHUNK_STORED);
  }

  private static FieldDescriptor variant(Message message) {
    for (OneofDescriptor oneof : message.getDescriptorForType().getRealOneofs()) {
      if (oneof.getName().equals("event")) {
        return message.getOneofFieldDescriptor(oneof);
      }
    }
    return null;
  }
}
