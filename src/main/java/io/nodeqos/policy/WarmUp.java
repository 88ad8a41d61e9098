// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.value.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a node is warmed up.
 *
 * @param taintKey key of the startup taint that is removed when the node is warm
 * @param taintNewNodes put the taint on nodes that were created after the policy
 * @param mode whether gates still count once the node is warm
 * @param stableFor how long all gates must have been open, zero for not at all; in {@link
 *     Mode#CONTINUOUS} also how long one must have been closed before a warm node loses its mark
 * @param gates all must be open
 */
public record WarmUp(
    String taintKey, boolean taintNewNodes, Mode mode, Duration stableFor, List<GateSpec> gates) {

  /** For how long the gates count. */
  public enum Mode {
    /** Until the node is warm; then only a reboot or a new node of its name starts again. */
    BOOTSTRAP,
    /** For ever: a warm node on which a gate closes again loses its mark and is tainted. */
    CONTINUOUS
  }

  /** What happens when a gate has not opened within its timeout. */
  public enum OnTimeout {
    /** Go on waiting, and say that it takes too long. */
    HOLD,
    /** Count the gate as open. */
    RELEASE
  }

  /**
   * When waiting for a gate ends.
   *
   * @param timeout from the start of the node's warm-up; empty waits for ever
   */
  public record Timing(Optional<Duration> timeout, OnTimeout onTimeout) {
    public static final Timing FOREVER = new Timing(Optional.empty(), OnTimeout.HOLD);
  }

  /** One gate as the policy asks for it. */
  public sealed interface GateSpec {
    Timing timing();

    /** The field of {@code spec.warmUp} that it comes from, and what it is about. */
    String title();
  }

  /** The condition Ready of the node is True. */
  public record NodeReady(Timing timing) implements GateSpec {
    @Override
    public String title() {
      return "nodeReady";
    }
  }

  /** A condition of the node has a status. */
  public record Condition(String type, String status, Timing timing) implements GateSpec {
    @Override
    public String title() {
      return "condition " + type;
    }
  }

  /** Every pod of a reserved namespace that is expected on the node is there and Ready. */
  public record ReservedPods(String namespace, LabelSelector selector, Timing timing)
      implements GateSpec {
    @Override
    public String title() {
      return "reservedPods of " + namespace;
    }
  }

  /** The node's allocatable has some of a resource. */
  public record Resource(String name, Timing timing) implements GateSpec {
    @Override
    public String title() {
      return "resource " + name;
    }
  }

  /** A CSI driver is registered on the node. */
  public record CsiDriver(String name, Timing timing) implements GateSpec {
    @Override
    public String title() {
      return "csiDriver " + name;
    }
  }

  /** The images of the policy's images section are on the node. */
  public record ImagesPresent(Timing timing) implements GateSpec {
    @Override
    public String title() {
      return "images";
    }
  }

  /** A node agent has acknowledged the configuration in force. */
  public record ConfigApplied(Timing timing) implements GateSpec {
    @Override
    public String title() {
      return "configApplied";
    }
  }
}
