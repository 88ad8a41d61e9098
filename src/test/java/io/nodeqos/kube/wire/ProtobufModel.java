// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The part of the API's objects that is read, described a second time and in another way than in
 * the product: a letter for the kind of a field, a star for a list, a plus for the fields of
 * another message that are fields of this one in JSON.
 */
public final class ProtobufModel {
  private static final String TABLE =
      """
      Node metadata=1:ObjectMeta spec=2:NodeSpec status=3:NodeStatus
      ObjectMeta name=1:s namespace=3:s uid=5:s resourceVersion=6:s generation=7:n creationTimestamp=8:t deletionTimestamp=9:t labels=11:ms annotations=12:ms ownerReferences=13:*OwnerReference finalizers=14:*s managedFields=17:*ManagedFieldsEntry
      ManagedFieldsEntry manager=1:s operation=2:s time=4:t fieldsType=6:s
      OwnerReference kind=1:s name=3:s uid=4:s apiVersion=5:s controller=6:b
      NodeSpec podCIDR=1:s unschedulable=4:b taints=5:*Taint
      Taint key=1:s value=2:s effect=3:s timeAdded=4:t
      NodeStatus capacity=1:mq allocatable=2:mq phase=3:s conditions=4:*Condition addresses=5:*NodeAddress nodeInfo=7:NodeSystemInfo images=8:*ContainerImage volumesInUse=9:*s
      NodeAddress type=1:s address=2:s
      Condition type=1:s status=2:s lastHeartbeatTime=3:t lastTransitionTime=4:t reason=5:s message=6:s
      NodeSystemInfo machineID=1:s bootID=3:s osImage=5:s kubeletVersion=7:s
      ContainerImage names=1:*s sizeBytes=2:n
      Namespace metadata=1:ObjectMeta
      CSINode metadata=1:ObjectMeta spec=2:CSINodeSpec
      CSINodeSpec drivers=1:*CSINodeDriver
      CSINodeDriver name=1:s nodeID=2:s topologyKeys=3:*s
      Pod metadata=1:ObjectMeta spec=2:PodSpec status=3:PodStatus
      PodSpec volumes=1:*Volume containers=2:*Container restartPolicy=3:s nodeSelector=7:ms nodeName=10:s affinity=18:Affinity initContainers=20:*Container tolerations=22:*Toleration overhead=32:mq resources=40:Resources
      Volume name=1:s +=2:VolumeSource
      VolumeSource hostPath=1:HostPath image=30:ImageVolumeSource
      HostPath path=1:s
      ImageVolumeSource reference=1:s pullPolicy=2:s
      Container name=1:s image=2:s command=3:*s resources=8:Resources restartPolicy=24:s
      Resources limits=1:mq requests=2:mq
      Toleration key=1:s operator=2:s value=3:s effect=4:s tolerationSeconds=5:n
      Affinity nodeAffinity=1:NodeAffinity
      NodeAffinity requiredDuringSchedulingIgnoredDuringExecution=1:NodeSelector
      NodeSelector nodeSelectorTerms=1:*NodeSelectorTerm
      NodeSelectorTerm matchExpressions=1:*Requirement matchFields=2:*Requirement
      Requirement key=1:s operator=2:s values=3:*s
      PodStatus phase=1:s conditions=2:*Condition message=3:s containerStatuses=8:*ContainerStatus initContainerStatuses=10:*ContainerStatus ephemeralContainerStatuses=13:*ContainerStatus allocatedResources=19:mq resources=20:Resources
      ContainerStatus name=1:s state=2:ContainerState ready=4:b image=6:s imageID=7:s allocatedResources=10:mq resources=11:Resources
      ContainerState waiting=1:Waiting running=2:Running terminated=3:Terminated
      Running startedAt=1:t
      Terminated exitCode=1:n startedAt=5:t finishedAt=6:t
      Waiting reason=1:s message=2:s
      DaemonSet metadata=1:ObjectMeta spec=2:DaemonSetSpec
      DaemonSetSpec template=2:PodTemplateSpec
      PodTemplateSpec metadata=1:ObjectMeta spec=2:PodSpec
      """;

  /** More than any number that is in use. */
  private static final int UNKNOWN = 1000;

  private final Map<String, List<Field>> messages = new LinkedHashMap<>();

  /**
   * One field.
   *
   * @param kind s, n (number), b (flag), t (time), ms or mq (map of strings or quantities), else
   *     the name of a message
   */
  record Field(String name, int number, String kind, boolean repeated) {}

  public ProtobufModel() {
    for (String line : TABLE.split("\n")) {
      String[] words = line.split(" ");
      messages.put(
          words[0], List.of(words).subList(1, words.length).stream().map(this::field).toList());
    }
  }

  private Field field(String text) {
    String[] parts = text.split("[=:]");
    boolean repeated = parts[2].startsWith("*");
    return new Field(
        parts[0],
        Integer.parseInt(parts[1]),
        repeated ? parts[2].substring(1) : parts[2],
        repeated);
  }

  List<Field> fields(String message) {
    return messages.get(message);
  }

  /** Encodes an object that has these fields only. */
  public byte[] encode(String message, JsonObject object) {
    return encode(message, object, null);
  }

  /**
   * Encodes an object.
   *
   * @param noise where and what to add that no reader knows; null for none
   */
  byte[] encode(String message, JsonObject object, Random noise) {
    ProtobufBytes out = new ProtobufBytes();
    for (Field field : fields(message)) {
      boolean whole = message.equals("Taint") || noise == null;
      if (!whole && noise.nextInt(4) == 0) {
        unknown(out, noise);
      }
      if (field.name().equals("+")) {
        out.bytes(field.number(), encode(field.kind(), object, noise));
        continue;
      }
      JsonElement value = object.get(field.name());
      if (value == null) {
        absent(field, out, noise);
      } else if (field.repeated()) {
        value.getAsJsonArray().forEach(element -> value(field, element, out, noise));
      } else {
        value(field, value, out, noise);
      }
    }
    return out.toBytes();
  }

  /** Fields that are no pointers in Go are in protobuf even when they are empty and not in JSON. */
  private static void absent(Field field, ProtobufBytes out, Random noise) {
    if (noise != null && field.kind().equals("s") && !field.repeated() && noise.nextBoolean()) {
      out.string(field.number(), "");
    }
  }

  private void value(Field field, JsonElement value, ProtobufBytes out, Random noise) {
    int number = field.number();
    switch (field.kind()) {
      case "s" -> out.string(number, value.getAsString());
      case "n" -> out.number(number, value.getAsLong());
      case "b" -> out.number(number, value.getAsBoolean() ? 1 : 0);
      case "t" -> out.message(number, time(value));
      case "ms", "mq" ->
          value
              .getAsJsonObject()
              .entrySet()
              .forEach(
                  entry -> {
                    ProtobufBytes pair = new ProtobufBytes().string(1, entry.getKey());
                    String text = entry.getValue().getAsString();
                    if (field.kind().equals("mq")) {
                      pair.message(2, new ProtobufBytes().string(1, text));
                    } else {
                      pair.string(2, text);
                    }
                    out.message(number, pair);
                  });
      default -> out.bytes(number, encode(field.kind(), value.getAsJsonObject(), noise));
    }
  }

  private static ProtobufBytes time(JsonElement value) {
    ProtobufBytes time = new ProtobufBytes();
    return value.isJsonNull()
        ? time
        : time.number(1, Instant.parse(value.getAsString()).getEpochSecond()).number(2, 0);
  }

  private static void unknown(ProtobufBytes out, Random random) {
    int field = UNKNOWN + random.nextInt(1 << 20);
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    switch (random.nextInt(4)) {
      case 0 -> out.number(field, random.nextLong());
      case 1 -> out.tag(field, 1).raw(new byte[8]);
      case 2 -> out.tag(field, 5).raw(new byte[4]);
      default -> out.bytes(field, bytes);
    }
  }
}
