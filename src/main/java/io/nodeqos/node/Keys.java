// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.Set;

/** All keys that users and other programs see: labels, annotations, taints, conditions. */
public final class Keys {
  /** API group of the policies and prefix of everything this controller owns on a Node. */
  public static final String GROUP = "nodeqos.io";

  public static final String API_VERSION = "v1alpha1";
  public static final String PREFIX = GROUP + "/";

  /** Namespace label: its pods are system workloads. */
  public static final String RESERVED = PREFIX + "reserved";

  /** Default key of the startup taint. */
  public static final String STARTUP_TAINT = PREFIX + "warming-up";

  public static final String STARTUP_TAINT_EFFECT = "NoSchedule";

  /**
   * Prefix under which the cluster autoscaler knows that a taint is temporary (its
   * startup-taint.cluster-autoscaler.kubernetes.io/ convention), allowed for a policy's taint key.
   */
  public static final String AUTOSCALER_STARTUP_TAINT_PREFIX =
      "startup-taint.cluster-autoscaler.kubernetes.io/";

  /**
   * Prefix of the taints of node-readiness-controller, which Karpenter knows for temporary by
   * itself (from 1.13 on), allowed for a policy's taint key.
   */
  public static final String READINESS_TAINT_PREFIX = "readiness.k8s.io/";

  /** Node label: the warm-up mark, {@code "true"} or absent. */
  public static final String WARMED_UP = PREFIX + "warmed-up";

  /** Node label: ten hex digits that name the configuration in force. */
  public static final String CONFIG_VERSION = PREFIX + "config-version";

  /** Finalizer of a policy with {@code deletionPolicy: Remove}. */
  public static final String FINALIZER = PREFIX + "clean-nodes";

  /** Node annotation: the effective configuration, compact JSON. */
  public static final String CONFIG = PREFIX + "config";

  /** Node annotation written by a node agent: the config version it has applied. */
  public static final String APPLIED_VERSION = PREFIX + "applied-version";

  /** Node annotation {@code <uid>/<bootID>}: which incarnation of the node the mark is for. */
  public static final String WARMED_UP_FOR = PREFIX + "warmed-up-for";

  /**
   * Node annotation: when the mark was written (RFC 3339). Without it, the evidence of a node that
   * has no mark says that a closed gate has taken the mark.
   */
  public static final String WARMED_UP_AT = PREFIX + "warmed-up-at";

  /**
   * Node annotation: when the present warm-up started (RFC 3339), if it differs from the creation
   * of the node. The patch that makes the node warm removes it.
   */
  public static final String WARMING_UP_SINCE = PREFIX + "warming-up-since";

  /**
   * Node annotation {@code <uid>/<bootID>}, while the node warms up: the present incarnation of the
   * node. With {@code @<time>} (RFC 3339) when there was an earlier incarnation: the kubelet's own
   * time of the first seen status of the present one.
   */
  public static final String WARMING_UP_FOR = PREFIX + "warming-up-for";

  /**
   * Node label: the policy whose spinner DaemonSet pulls images on the node, see {@link
   * SpinnerKey}; on at most N nodes at a time.
   */
  public static final String IMAGES = PREFIX + "images";

  /**
   * Node annotation {@code <version of the images>/<uid>/<bootID>}: the policy's images have been
   * seen on this incarnation of the node. The kubelet lists at most 50 images, so that its list is
   * no proof later.
   */
  public static final String IMAGES_PRESENT = PREFIX + "images-present";

  /**
   * Label of a spinner DaemonSet and its pods: the policy that it is for, see {@link SpinnerKey}.
   */
  public static final String SPINNER = PREFIX + "spinner";

  /** Label of a ControllerRevision: the policy that it keeps a version of. */
  public static final String REVISION_OF = PREFIX + "revision-of";

  /** Label of a ControllerRevision: {@code true} once it was the stable version of the policy. */
  public static final String COMPLETED = PREFIX + "completed";

  /** Label of spinner pods: identifies the images and their pull policy. */
  public static final String PULL_VERSION = PREFIX + "pull-version";

  /** Annotation of a spinner DaemonSet: hash of the applied object. */
  public static final String APPLIED_HASH = PREFIX + "applied-hash";

  /**
   * Node annotation that Koordinator's scheduler reads: resources that it holds back, JSON. Other
   * writers may own it; see {@link #PUBLISHED_RESERVATION}.
   */
  public static final String KOORDINATOR_RESERVATION = "node.koordinator.sh/reservation";

  /**
   * Node annotation: the value of {@link #KOORDINATOR_RESERVATION} that this controller has written
   * last. Without it the value there is that of another writer.
   */
  public static final String PUBLISHED_RESERVATION = PREFIX + "koordinator-reservation";

  /** Node annotation: the leader term of the last write. */
  public static final String LEADER_EPOCH = PREFIX + "leader-epoch";

  /**
   * Node annotation: W3C trace context of the reconcile of the last write; the key is a setting.
   */
  public static final String TRACEPARENT = PREFIX + "traceparent";

  /** The key that KEP-5915 drafts for the same. */
  public static final String TRACEPARENT_DRAFT = "tracing.k8s.io/traceparent";

  /**
   * Policy annotation written by an operator: the token of the change that the brake must allow.
   */
  public static final String CONFIRM = PREFIX + "confirm";

  /**
   * Policy annotation written by an operator: a request to the rollout, {@code
   * promote=<revision>/<step>} or {@code retry=<revision>}.
   */
  public static final String ROLLOUT = PREFIX + "rollout";

  /**
   * Node annotation written by a node agent that could not apply a configuration: {@code <config
   * version> <sentence>}.
   */
  public static final String APPLY_ERROR = PREFIX + "apply-error";

  /** Node condition type. */
  public static final String WARMED_UP_CONDITION = PREFIX + "WarmedUp";

  /** Suffixes of the extended resources of a QoS class: milli-cores and bytes. */
  public static final String CPU_SUFFIX = "-cpu";

  public static final String MEMORY_SUFFIX = "-memory";

  /** The Node labels that this controller writes: a policy must not select nodes by them. */
  public static final Set<String> OWN_LABELS = Set.of(WARMED_UP, CONFIG_VERSION, IMAGES);

  /** The Node annotations that this controller writes. */
  public static final Set<String> OWN_ANNOTATIONS =
      Set.of(
          CONFIG,
          WARMED_UP_FOR,
          WARMED_UP_AT,
          WARMING_UP_SINCE,
          WARMING_UP_FOR,
          IMAGES_PRESENT,
          KOORDINATOR_RESERVATION,
          PUBLISHED_RESERVATION,
          LEADER_EPOCH,
          TRACEPARENT,
          TRACEPARENT_DRAFT);

  /** The Node annotations of the warm-up: the evidence of the mark, and the start before it. */
  public static final Set<String> WARM_UP_ANNOTATIONS =
      Set.of(WARMED_UP_FOR, WARMED_UP_AT, WARMING_UP_SINCE, WARMING_UP_FOR);

  /** The largest {@link #CONFIG} value, in bytes of UTF-8. */
  public static final int CONFIG_MAX_BYTES = 16 * 1024;

  private Keys() {}

  /** The extended resource that advertises the CPU quota of a QoS class, in milli-cores. */
  public static String cpuResource(String qosClass) {
    return PREFIX + qosClass + CPU_SUFFIX;
  }

  /** The extended resource that advertises the memory quota of a QoS class, in bytes. */
  public static String memoryResource(String qosClass) {
    return PREFIX + qosClass + MEMORY_SUFFIX;
  }

  /** True for an extended resource of this controller, of any QoS class. */
  public static boolean isOwnResource(String resource) {
    return resource.startsWith(PREFIX)
        && (resource.endsWith(CPU_SUFFIX) || resource.endsWith(MEMORY_SUFFIX));
  }
}
