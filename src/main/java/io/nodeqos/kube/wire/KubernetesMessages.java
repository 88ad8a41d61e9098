// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static io.nodeqos.kube.wire.ProtobufMessage.inline;
import static io.nodeqos.kube.wire.ProtobufMessage.message;
import static io.nodeqos.kube.wire.ProtobufMessage.number;
import static io.nodeqos.kube.wire.ProtobufMessage.quantities;
import static io.nodeqos.kube.wire.ProtobufMessage.string;
import static io.nodeqos.kube.wire.ProtobufMessage.strings;
import static io.nodeqos.kube.wire.ProtobufMessage.time;

/**
 * The fields that are read from the messages of the Kubernetes API. The numbers are those of {@code
 * generated.proto} in k8s.io/api and k8s.io/apimachinery, where a number never changes its meaning.
 */
public final class KubernetesMessages {
  private static final ProtobufMessage OBJECT_META =
      new ProtobufMessage(
          "ObjectMeta",
          string(1, "name"),
          string(3, "namespace"),
          string(5, "uid"),
          string(6, "resourceVersion").uncounted(),
          number(7, "generation"),
          time(8, "creationTimestamp"),
          time(9, "deletionTimestamp"),
          strings(11, "labels"),
          strings(12, "annotations"),
          message(
              13,
              "ownerReferences",
              new ProtobufMessage("OwnerReference", string(4, "uid"), number(6, "controller"))),
          string(14, "finalizers"));

  static final ProtobufMessage LIST_META =
      new ProtobufMessage("ListMeta", string(2, "resourceVersion"), string(3, "continue"));

  public static final ProtobufMessage STATUS =
      new ProtobufMessage(
          "Status",
          string(3, "message"),
          string(4, "reason"),
          message(
              5, "details", new ProtobufMessage("StatusDetails", number(5, "retryAfterSeconds"))),
          number(6, "code"));

  /** The version of any object, or of the metadata alone. */
  public static final ProtobufMessage ANY_OBJECT =
      new ProtobufMessage(
          "PartialObjectMetadata",
          message(1, "metadata", new ProtobufMessage("ObjectMeta", string(6, "resourceVersion"))));

  /** Kept whole, so all of its fields are here. */
  private static final ProtobufMessage TAINT =
      new ProtobufMessage(
          "Taint", string(1, "key"), string(2, "value"), string(3, "effect"), time(4, "timeAdded"));

  private static final ProtobufMessage NODE_STATUS =
      new ProtobufMessage(
          "NodeStatus",
          quantities(1, "capacity"),
          quantities(2, "allocatable"),
          message(
              4,
              "conditions",
              new ProtobufMessage(
                  "NodeCondition",
                  string(1, "type"),
                  string(2, "status"),
                  time(3, "lastHeartbeatTime").uncounted(),
                  time(4, "lastTransitionTime"),
                  string(5, "reason"),
                  string(6, "message"))),
          message(
              7,
              "nodeInfo",
              new ProtobufMessage(
                  "NodeSystemInfo",
                  string(3, "bootID"),
                  string(5, "osImage"),
                  string(7, "kubeletVersion"))),
          message(8, "images", new ProtobufMessage("ContainerImage", string(1, "names"))));

  public static final ProtobufMessage NODE =
      new ProtobufMessage(
          "Node",
          message(1, "metadata", OBJECT_META),
          message(2, "spec", new ProtobufMessage("NodeSpec", message(5, "taints", TAINT))),
          message(3, "status", NODE_STATUS));

  public static final ProtobufMessage NAMESPACE =
      new ProtobufMessage("Namespace", message(1, "metadata", OBJECT_META));

  public static final ProtobufMessage CSI_NODE =
      new ProtobufMessage(
          "CSINode",
          message(1, "metadata", OBJECT_META),
          message(
              2,
              "spec",
              new ProtobufMessage(
                  "CSINodeSpec",
                  message(1, "drivers", new ProtobufMessage("CSINodeDriver", string(1, "name"))))));

  private static final ProtobufMessage RESOURCES =
      new ProtobufMessage("ResourceRequirements", quantities(2, "requests"));

  private static final ProtobufMessage CONTAINER =
      new ProtobufMessage(
          "Container",
          string(1, "name"),
          message(8, "resources", RESOURCES),
          string(24, "restartPolicy"));

  private static final ProtobufMessage REQUIREMENT =
      new ProtobufMessage(
          "NodeSelectorRequirement", string(1, "key"), string(2, "operator"), string(3, "values"));

  private static final ProtobufMessage NODE_SELECTOR =
      new ProtobufMessage(
          "NodeSelector",
          message(
              1,
              "nodeSelectorTerms",
              new ProtobufMessage(
                  "NodeSelectorTerm",
                  message(1, "matchExpressions", REQUIREMENT),
                  message(2, "matchFields", REQUIREMENT))));

  private static final ProtobufMessage AFFINITY =
      new ProtobufMessage(
          "Affinity",
          message(
              1,
              "nodeAffinity",
              new ProtobufMessage(
                  "NodeAffinity",
                  message(1, "requiredDuringSchedulingIgnoredDuringExecution", NODE_SELECTOR))));

  private static final ProtobufMessage VOLUME =
      new ProtobufMessage(
          "Volume",
          inline(
              2,
              new ProtobufMessage(
                  "VolumeSource",
                  message(
                      30,
                      "image",
                      new ProtobufMessage("ImageVolumeSource", string(1, "reference"))))));

  private static final ProtobufMessage POD_SPEC =
      new ProtobufMessage(
          "PodSpec",
          message(1, "volumes", VOLUME),
          message(2, "containers", CONTAINER),
          strings(7, "nodeSelector"),
          string(10, "nodeName"),
          message(18, "affinity", AFFINITY),
          message(20, "initContainers", CONTAINER),
          message(
              22,
              "tolerations",
              new ProtobufMessage(
                  "Toleration",
                  string(1, "key"),
                  string(2, "operator"),
                  string(3, "value"),
                  string(4, "effect"))),
          quantities(32, "overhead"),
          message(40, "resources", RESOURCES));

  private static final ProtobufMessage CONTAINER_STATUS =
      new ProtobufMessage(
          "ContainerStatus",
          string(1, "name"),
          message(
              2,
              "state",
              new ProtobufMessage(
                  "ContainerState",
                  message(
                      1,
                      "waiting",
                      new ProtobufMessage(
                          "ContainerStateWaiting", string(1, "reason"), string(2, "message"))),
                  message(
                      2,
                      "running",
                      new ProtobufMessage("ContainerStateRunning", time(1, "startedAt"))),
                  message(
                      3,
                      "terminated",
                      new ProtobufMessage("ContainerStateTerminated", time(5, "startedAt"))))),
          string(6, "image"),
          string(7, "imageID"),
          quantities(10, "allocatedResources"),
          message(11, "resources", RESOURCES));

  private static final ProtobufMessage POD_STATUS =
      new ProtobufMessage(
          "PodStatus",
          string(1, "phase"),
          message(
              2,
              "conditions",
              new ProtobufMessage(
                  "PodCondition",
                  string(1, "type"),
                  string(2, "status"),
                  time(4, "lastTransitionTime"),
                  string(5, "reason"),
                  string(6, "message"))),
          message(8, "containerStatuses", CONTAINER_STATUS),
          message(10, "initContainerStatuses", CONTAINER_STATUS),
          message(13, "ephemeralContainerStatuses", CONTAINER_STATUS),
          quantities(19, "allocatedResources"),
          message(20, "resources", RESOURCES));

  public static final ProtobufMessage POD =
      new ProtobufMessage(
          "Pod",
          message(1, "metadata", OBJECT_META),
          message(2, "spec", POD_SPEC),
          message(3, "status", POD_STATUS));

  public static final ProtobufMessage DAEMON_SET =
      new ProtobufMessage(
          "DaemonSet",
          message(1, "metadata", OBJECT_META),
          message(
              2,
              "spec",
              new ProtobufMessage(
                  "DaemonSetSpec",
                  message(
                      2,
                      "template",
                      new ProtobufMessage(
                          "PodTemplateSpec",
                          message(1, "metadata", OBJECT_META),
                          message(2, "spec", POD_SPEC))))));

  private KubernetesMessages() {}
}
