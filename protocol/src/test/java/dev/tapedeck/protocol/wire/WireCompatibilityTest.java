package dev.tapedeck.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * S4-17 to S4-22, F t: who knows the documented messages reads ours, and we read theirs; what we added they skip. The
 * documented ones stand below as a table of their own, not as our .proto files.
 */
class WireCompatibilityTest {
  private static final int OURS_FROM = 100;
  private static final int MESSAGES = 2_000;

  /** Name, then {@code field=number type}; {@code *} repeated, {@code <key>} a map. The oneofs are plain fields on the wire. */
  private static final String DOCUMENTED = """
      HookEvent node=1 uint32 ts=2 uint64 room=3 RoomEvent peer=4 PeerEvent record=5 RecordEvent compose=6 ComposeEvent
      RoomEvent room=1 string app=7 string started=2 Empty peer_joined=3 Peer peer_leaved=4 Peer \
        all_peers_leaved=5 Empty stopped=6 Empty
      Empty
      Peer peer=1 string
      RecordEvent room=1 string app=4 string started=2 Path peer_joined=3 PeerPath
      Path path=1 string
      PeerPath peer=1 string path=2 string
      ComposeEvent app=1 string job_id=2 string started=10 Empty failed=11 Failed completed=12 Completed
      Failed error=2 string
      Completed transmux=1 TransmuxSummary compose=2 ComposeSummary
      TransmuxSummary metadata_json=1 string peers=2 <string>PeerSummary
      PeerSummary sessions=1 <uint64>SessionSummary
      SessionSummary track=1 <string>TrackSummary
      TrackSummary kind=1 Kind timeline=2 *TrackTimeline
      TrackTimeline path=1 string start=2 uint64 end=3 uint64
      ComposeSummary media_uri=1 string duration_ms=2 uint64
      PeerEvent session_id=1 uint64 app=19 string route_begin=2 Ip route_success=3 RouteSuccess route_error=4 RouteError \
        connecting=5 Ip connected=6 Connected connect_error=7 ConnectError stats=8 Stats reconnect=9 Ip \
        reconnected=10 Connected disconnected=11 Disconnected join=12 RoomPeer leave=13 RoomPeer \
        remote_track_started=14 RemoteTrack remote_track_ended=15 RemoteTrack local_track=16 LocalTrack \
        local_track_attach=17 LocalAttach local_track_detach=18 LocalAttach
      Ip remote_ip=1 string
      RouteSuccess after_ms=1 uint32 dest_node=2 uint32
      RouteError after_ms=1 uint32 dest_node=2 uint32 error=3 RouteErrorType
      Connected after_ms=1 uint32 remote_ip=2 string
      ConnectError after_ms=1 uint32 error=2 ConnectErrorType
      Stats sent_bytes=1 uint64 received_bytes=2 uint64
      Disconnected duration_ms=1 uint32 reason=2 Reason
      RoomPeer room=1 string peer=2 string
      RemoteTrack track=1 string kind=2 Kind
      LocalTrack track=1 int32 kind=2 Kind
      LocalAttach track=1 int32 remote_peer=2 string remote_track=3 string
      NodeRequest req_id=1 uint64 record=4 RecordReq
      NodeResponse req_id=1 uint64 error=2 Error record=4 RecordRes
      Error code=1 uint32 message=2 string
      RecordReq room=1 string peer=2 string session=3 uint64 index=4 uint32 from_ts=5 uint64 to_ts=6 uint64 app=7 string
      RecordRes s3_uri=1 string
      """;

  private static final Map<String, String[]> ENUMS = Map.of(
      "Kind", new String[] {"AUDIO", "VIDEO"},
      "RouteErrorType", new String[] {"PoolEmpty", "Timeout", "GatewayError", "MediaError"},
      "ConnectErrorType", new String[] {"InvalidSdp", "Timeout"},
      "Reason", new String[] {"UserAction", "Timeout", "NodeShutdown", "KickByAPI"});

  private static final Map<String, Message> OURS = Map.of("HookEvent", HookEvent.getDefaultInstance(),
      "NodeRequest", NodeRequest.getDefaultInstance(), "NodeResponse", NodeResponse.getDefaultInstance());

  private final FileDescriptor documented = documented();

  @Test
  void everyDocumentedFieldIsOursWithItsNumberAndTypeAndOursComeAfter() {
    OURS.forEach((name, ours) -> compare(documented.findMessageTypeByName(name), ours.getDescriptorForType(), new TreeSet<>()));
  }

  @ParameterizedTest
  @ValueSource(longs = {17, 22})
  void whatTheirClassesWriteWeReadAndWriteAgain(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (Map.Entry<String, Message> ours : OURS.entrySet()) {
      Descriptor theirs = documented.findMessageTypeByName(ours.getKey());
      for (int i = 0; i < MESSAGES; i++) {
        DynamicMessage written = random(theirs, ours.getValue().getDescriptorForType(), random);
        Message read = ours.getValue().getParserForType().parseFrom(written.toByteArray());

        assertThat(DynamicMessage.parseFrom(theirs, read.toByteArray())).as("seed %d, message %d", seed, i).isEqualTo(written);
        assertThat(read.getUnknownFields().asMap()).isEmpty();
      }
    }
  }

  @Test
  void whatWeAddTheySkip() throws Exception {
    HookEvent ours = HookEvent.newBuilder().setNode(1).setTs(2).setRecord(RecordEvent.newBuilder().setApp("a").setRoom("r")
        .setFinalized(RecordEvent.Finalized.newBuilder().setVerdict("complete"))).build();

    DynamicMessage theirs = DynamicMessage.parseFrom(documented.findMessageTypeByName("HookEvent"), ours.toByteArray());

    Descriptor hook = theirs.getDescriptorForType();
    DynamicMessage record = (DynamicMessage) theirs.getField(hook.findFieldByName("record"));
    assertThat(record.getField(record.getDescriptorForType().findFieldByName("app"))).isEqualTo("a");
    assertThat(record.getUnknownFields()).isNotEqualTo(UnknownFieldSet.getDefaultInstance());
    assertThat(record.getUnknownFields().asMap().keySet()).allMatch(number -> number >= OURS_FROM);
  }

  private static void compare(Descriptor documented, Descriptor ours, Set<String> seen) {
    if (!seen.add(documented.getName() + " " + ours.getFullName())) {
      return;
    }
    for (FieldDescriptor theirs : documented.getFields()) {
      FieldDescriptor own = ours.findFieldByNumber(theirs.getNumber());
      assertThat(own).as("%s.%s", ours.getFullName(), theirs.getName()).isNotNull();
      assertThat(own.getName()).isEqualTo(theirs.getName());
      assertThat(own.getType()).as(own.getFullName()).isEqualTo(theirs.getType());
      assertThat(own.isRepeated()).as(own.getFullName()).isEqualTo(theirs.isRepeated());
      if (theirs.getJavaType() == JavaType.MESSAGE) {
        compare(theirs.getMessageType(), own.getMessageType(), seen);
      } else if (theirs.getJavaType() == JavaType.ENUM) {
        theirs.getEnumType().getValues().forEach(value -> assertThat(
            own.getEnumType().findValueByNumber(value.getNumber()).getName()).isEqualTo(value.getName()));
      }
    }
    for (FieldDescriptor own : ours.getFields()) {
      // Requests of ours stand beside theirs in the same envelope, whose numbers they do not use.
      boolean isEnvelope = ours.getName().startsWith("Node");
      assertThat(documented.findFieldByNumber(own.getNumber()) != null || own.getNumber() >= OURS_FROM || isEnvelope)
          .as("%s is documented, or from %d on", own.getFullName(), OURS_FROM).isTrue();
    }
  }

  /** A message with at most one member of each of our oneofs, all else at will. */
  private static DynamicMessage random(Descriptor type, Descriptor ours, SplittableRandom random) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    Set<String> taken = new TreeSet<>();
    for (FieldDescriptor field : type.getFields()) {
      FieldDescriptor own = ours.findFieldByNumber(field.getNumber());
      boolean isTaken = own.getRealContainingOneof() != null && !taken.isEmpty();
      if (isTaken || random.nextInt(3) == 0) {
        continue;
      }
      if (own.getRealContainingOneof() != null) {
        taken.add(own.getRealContainingOneof().getName());
      }
      if (field.isMapField()) {
        message.addRepeatedField(field, value(field, own, random)); // one key, so that its order is no matter
      } else if (field.isRepeated()) {
        for (int i = random.nextInt(3); i > 0; i--) {
          message.addRepeatedField(field, value(field, own, random));
        }
      } else {
        message.setField(field, value(field, own, random));
      }
    }
    return message.build();
  }

  private static Object value(FieldDescriptor field, FieldDescriptor own, SplittableRandom random) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case STRING -> "é😀/".substring(0, random.nextInt(2) * 4) + random.nextInt();
      case ENUM -> field.getEnumType().getValues().get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> field.isMapField() ? entry(field.getMessageType(), own.getMessageType(), random)
          : random(field.getMessageType(), own.getMessageType(), random);
      default -> throw new IllegalStateException("no documented field has type " + field.getType());
    };
  }

  private static DynamicMessage entry(Descriptor type, Descriptor ours, SplittableRandom random) {
    DynamicMessage.Builder entry = DynamicMessage.newBuilder(type);
    type.getFields().forEach(field -> entry.setField(field, value(field, ours.findFieldByNumber(field.getNumber()), random)));
    return entry.build();
  }

  private static FileDescriptor documented() {
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("documented.proto").setSyntax("proto3");
    ENUMS.forEach((name, values) -> {
      EnumDescriptorProto.Builder type = EnumDescriptorProto.newBuilder().setName(name);
      for (int number = 0; number < values.length; number++) {
        type.addValue(EnumValueDescriptorProto.newBuilder().setName(values[number]).setNumber(number));
      }
      // Values of two enumerations may bear one name only in scopes of their own.
      file.addMessageType(DescriptorProto.newBuilder().setName("Of" + name).addEnumType(type));
    });
    Map<String, String[]> messages = new LinkedHashMap<>();
    DOCUMENTED.lines().map(line -> line.strip().split("\\s+")).forEach(words -> messages.put(words[0], words));
    messages.values().forEach(words -> file.addMessageType(message(words)));
    try {
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new AssertionError("the table does not describe messages", e);
    }
  }

  private static DescriptorProto message(String[] words) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(words[0]);
    for (int i = 1; i < words.length; i += 2) {
      String name = words[i].substring(0, words[i].indexOf('='));
      int number = Integer.parseInt(words[i].substring(words[i].indexOf('=') + 1));
      String type = words[i + 1];
      if (type.startsWith("<")) {
        String key = type.substring(1, type.indexOf('>'));
        String entry = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Entry";
        message.addNestedType(DescriptorProto.newBuilder().setName(entry)
            .setOptions(MessageOptions.newBuilder().setMapEntry(true))
            .addField(field("key", 1, key, Label.LABEL_OPTIONAL))
            .addField(field("value", 2, type.substring(type.indexOf('>') + 1), Label.LABEL_OPTIONAL)));
        message.addField(field(name, number, words[0] + "." + entry, Label.LABEL_REPEATED));
      } else {
        boolean isRepeated = type.startsWith("*");
        message.addField(field(name, number, isRepeated ? type.substring(1) : type,
            isRepeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL));
      }
    }
    return message.build();
  }

  private static FieldDescriptorProto field(String name, int number, String type, Label label) {
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setLabel(label);
    return switch (type) {
      case "uint32" -> field.setType(Type.TYPE_UINT32).build();
      case "uint64" -> field.setType(Type.TYPE_UINT64).build();
      case "int32" -> field.setType(Type.TYPE_INT32).build();
      case "string" -> field.setType(Type.TYPE_STRING).build();
      default -> ENUMS.containsKey(type)
          ? field.setType(Type.TYPE_ENUM).setTypeName(".Of" + type + "." + type).build()
          : field.setType(Type.TYPE_MESSAGE).setTypeName("." + type).build();
    };
  }
}
