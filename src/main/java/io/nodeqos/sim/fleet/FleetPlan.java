// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The order of the joining nodes, and the duration of each of their steps: a pure function of the
 * settings. Each delay is drawn from the seed, the node and the step's name, so that the order of
 * events in a run has no influence.
 */
public final class FleetPlan {

  /** The label that names a node's pool, {@value #POOL_GENERAL} or {@value #POOL_GPU}. */
  public static final String POOL_LABEL = "nodeqos.io/demo-pool";

  public static final String POOL_GENERAL = "general";
  public static final String POOL_GPU = "gpu";

  private static final List<String> ZONES = List.of("a", "b", "c");

  /** One node; {@code index} counts from 0 in the order of joining. */
  public record Member(String name, int index, String pool, String zone, Conduct conduct) {
    /** Whether its network agent never becomes Ready. */
    public boolean stuck() {
      return conduct.stuck();
    }
  }

  /**
   * How a node behaves.
   *
   * @param joinAfter from the start of the fleet to its registration
   * @param pace the factor of every delay of this node; 1 unless the node is slow
   */
  public record Conduct(Duration joinAfter, double pace, boolean stuck) {}

  private final FleetSettings settings;
  private final List<Member> members;

  private FleetPlan(FleetSettings settings, List<Member> members) {
    this.settings = settings;
    this.members = members;
  }

  public static FleetPlan of(FleetSettings settings) {
    Random random = new Random(settings.seed());
    int count = settings.nodes();
    Set<Integer> gpu = choose(count, settings.mix().gpuShare(), random);
    Set<Integer> slow = choose(count, settings.mix().slowShare(), random);
    Set<Integer> stuck = chooseStuck(count, settings.mix().stuckNodes(), slow, random);
    List<Member> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String pool = gpu.contains(i) ? POOL_GPU : POOL_GENERAL;
      members.add(
          new Member(
              String.format("%s-%05d", pool, i),
              i,
              pool,
              ZONES.get(i % ZONES.size()),
              new Conduct(
                  settings.joinOver().multipliedBy(i).dividedBy(Math.max(1, count - 1)),
                  slow.contains(i) ? settings.mix().slowFactor() : 1,
                  stuck.contains(i))));
    }
    return new FleetPlan(settings, List.copyOf(members));
  }

  /** In the order of joining. */
  public List<Member> members() {
    return members;
  }

  /** The names of the nodes that never become warm. */
  public List<String> stuck() {
    return members.stream().filter(Member::stuck).map(Member::name).toList();
  }

  /** How long the named step takes on this node. */
  Duration delay(Member member, String step, FleetTimings.Range range) {
    Duration drawn = range.drawn(settings.seed(), member.name() + "/" + step);
    return Duration.ofMillis(Math.round(drawn.toMillis() * member.conduct().pace()));
  }

  private static Set<Integer> choose(int count, double share, Random random) {
    return new HashSet<>(shuffled(count, random).subList(0, (int) Math.round(count * share)));
  }

  // A stuck node is an ordinary one otherwise, so that only its agent can be the reason: not a slow
  // one
  // unless there is no other.
  private static Set<Integer> chooseStuck(int count, int stuck, Set<Integer> slow, Random random) {
    List<Integer> order = shuffled(count, random);
    List<Integer> preferred = new ArrayList<>(order);
    preferred.removeIf(slow::contains);
    order.removeAll(new HashSet<>(preferred));
    preferred.addAll(order);
    return new HashSet<>(preferred.subList(0, stuck));
  }

  private static List<Integer> shuffled(int count, Random random) {
    List<Integer> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(i);
    }
    Collections.shuffle(all, random);
    return all;
  }
}
