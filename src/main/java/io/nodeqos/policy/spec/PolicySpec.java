// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.policy.rollout.RolloutSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The decoded, valid {@code spec} of a NodeQoSPolicy.
 *
 * @param priority higher wins; default 0
 * @param nodeSelector empty selects every node
 * @param suspend freezes every node to which this policy contributes a section
 * @param dryRun it is decided for every node as if it were in force, and nothing is written
 * @param deletionPolicy whether its state on nodes stays when it is deleted or no longer selects
 *     them
 * @param rollout how a change of the sections reaches the nodes; empty: all at once
 */
public record PolicySpec(
    int priority,
    LabelSelector nodeSelector,
    boolean suspend,
    boolean dryRun,
    DeletionPolicy deletionPolicy,
    Sections sections,
    Optional<RolloutSpec> rollout) {

  /** The same, suspended. */
  public PolicySpec suspended() {
    return new PolicySpec(priority, nodeSelector, true, dryRun, deletionPolicy, sections, rollout);
  }

  /** The same with other sections. */
  public PolicySpec with(Sections others) {
    return new PolicySpec(priority, nodeSelector, suspend, dryRun, deletionPolicy, others, rollout);
  }

  /**
   * The sections that are set.
   *
   * @param values the value of each, of the type that its accessor here returns
   */
  public record Sections(Map<Section, Object> values) {
    public static final Sections NONE = new Sections(Map.of());

    public Sections {
      values = Map.copyOf(values);
    }

    public Optional<Reservation> reservation() {
      return get(Section.RESERVATION, Reservation.class);
    }

    public Optional<Quota> quota() {
      return get(Section.QUOTA, Quota.class);
    }

    public Optional<Images> images() {
      return get(Section.IMAGES, Images.class);
    }

    public Optional<WarmUp> warmUp() {
      return get(Section.WARM_UP, WarmUp.class);
    }

    private <T> Optional<T> get(Section section, Class<T> type) {
      return Optional.ofNullable(type.cast(values.get(section)));
    }
  }

  /**
   * The resources that are reserved for system workloads. Percentages are of the node's capacity.
   *
   * @param countReservedPods add the requests of pods of reserved namespaces on the node
   */
  public record Reservation(
      Optional<Amount> cpu,
      Optional<Amount> memory,
      Optional<Amount> ephemeralStorage,
      boolean countReservedPods) {}

  /** Quotas of QoS classes; at most {@link #MAX_CLASSES}, with distinct names. */
  public record Quota(List<QosClass> classes) {
    public static final int MAX_CLASSES = 16;
  }

  /**
   * One QoS class. Percentages are of min(allocatable, capacity - reservation), rounded down.
   *
   * @param name a DNS label of at most 50 characters
   */
  public record QosClass(
      String name, Cpu cpu, Memory memory, Optional<Integer> ioWeight, Advertise advertise) {}

  /** cgroup v2 cpu.weight (1 to 10000) and cpu.max. */
  public record Cpu(Optional<Integer> weight, Optional<Amount> max) {}

  /** cgroup v2 memory.min, memory.high and memory.max. */
  public record Memory(Optional<Amount> min, Optional<Amount> high, Optional<Amount> max) {}

  /** The quota that the stock scheduler enforces through extended resources. */
  public record Advertise(Optional<Amount> cpu, Optional<Amount> memory) {}

  /** Images that a warm node holds; at most {@link #MAX_IMAGES}. */
  public record Images(List<Image> images) {
    public static final int MAX_IMAGES = 64;

    /** The references, in the order of the policy. */
    public List<String> refs() {
      return images.stream().map(Image::ref).toList();
    }

    /** The images that are pulled if they are missing. */
    public List<Image> pulled() {
      return images.stream().filter(image -> image.pull() != Pull.NEVER).toList();
    }

    /**
     * Identifies the pulled images and their pull policy: ten hex digits, the same for the same
     * images.
     */
    public String pullVersion() {
      return CanonicalSpec.hash(
          pulled().stream().map(i -> i.pull().text() + " " + i.ref()).toList());
    }

    /** Identifies the pulled images, their pull policy and their secrets: ten hex digits. */
    public String pullSource() {
      return CanonicalSpec.hash(
          pulled().stream()
              .map(i -> i.pull().text() + " " + i.ref() + " " + i.pullSecrets())
              .toList());
    }
  }

  /**
   * One image.
   *
   * @param ref by tag or by digest
   * @param pullSecrets names of Secrets in the controller's namespace; at most {@link #MAX_SECRETS}
   */
  public record Image(String ref, Pull pull, List<String> pullSecrets) {
    public static final int MAX_SECRETS = 8;
  }

  /** Whether and when an image is pulled, with the values of a container's imagePullPolicy. */
  public enum Pull {
    /** If there is no evidence that the node holds it. */
    IF_NOT_PRESENT("IfNotPresent"),
    /**
     * On each boot of a node, even if an image of that name is present: the tag may have moved
     * since.
     */
    ALWAYS("Always"),
    /** Another component brings it. */
    NEVER("Never");

    private final String text;

    Pull(String text) {
      this.text = text;
    }

    /** As policies and pods write it. */
    public String text() {
      return text;
    }
  }
}
