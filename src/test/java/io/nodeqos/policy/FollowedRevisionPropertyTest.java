// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of a policy: edits, moves, writes of nodes, completions, changes of the leader,
 * records that go. A node changes its revision by a move or by an edit that ends the rollout, and
 * never by anything else, unless the record of its revision is gone.
 */
class FollowedRevisionPropertyTest {
  private static final int LIVES = 150;
  private static final int STEPS = 120;
  private static final List<String> NODES = List.of("a", "b", "c");

  /** What happens in one step, and how often. */
  private enum Deed {
    EDIT(2),
    STORE(1),
    MOVE(8),
    WRITE(8),
    COMPLETE(4),
    TELL(1),
    FAIL_OVER(1),
    LOSE_RECORD(1);

    private final int often;

    Deed(int often) {
      this.often = often;
    }
  }

  private static final List<Deed> DEEDS =
      Arrays.stream(Deed.values()).flatMap(d -> Collections.nCopies(d.often, d).stream()).toList();

  private final PolicyCatalog catalog = PolicyFixture.catalog();
  private final Map<Long, PolicyRevision> stored = new TreeMap<>();
  private final Map<String, NodeView> nodes = new HashMap<>();

  /** The revision that each node followed when it was written last. */
  private final Map<String, String> carried = new HashMap<>();

  private Random random;
  private long generation;
  private String spec;
  private boolean steps;
  private String stable = "";
  private long stableGeneration;
  private int told;
  private int completed;
  private int kept;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void nodeKeepsItsRevisionUntilItIsMoved(long seed) {
    int completions = 0;
    int keptEntries = 0;
    for (int life = 0; life < LIVES; life++) {
      FollowedRevisionPropertyTest one = new FollowedRevisionPropertyTest();
      one.random = new Random(seed * 1_000 + life);
      one.live();
      completions += one.completed;
      keptEntries += one.kept;
    }
    assertTrue(completions > LIVES / 4, completions + " rollouts were completed");
    assertTrue(keptEntries > LIVES, keptEntries + " entries were kept");
  }

  private void live() {
    NODES.forEach(name -> nodes.put(name, NodeFixture.node(name).build()));
    edit(true);
    for (int step = 0; step < STEPS; step++) {
      Deed deed = DEEDS.get(random.nextInt(DEEDS.size()));
      String name = NODES.get(random.nextInt(NODES.size()));
      Map<String, String> before = followed();
      Map<String, String> carriedBefore = Map.copyOf(carried);
      Set<String> unwritten = unwritten();
      Map<String, String> given = given();
      String done = step + " " + deed + " " + name;
      carryOut(deed, name);
      for (String node : NODES) {
        boolean mayChange =
            !isKnown(before.get(node))
                || (deed == Deed.MOVE && node.equals(name))
                || (deed == Deed.EDIT && !isUnderWay())
                // What it was given or carries has its record again.
                || ((deed == Deed.EDIT || deed == Deed.STORE)
                    && !before.get(node).equals(given.get(node)))
                || (deed == Deed.FAIL_OVER && unwritten.contains(node));
        if (!mayChange) {
          assertEquals(before.get(node), followed().get(node), done + ": revision of " + node);
          if (deed != Deed.WRITE
              && !unwritten.contains(node)
              && before.get(node).equals(carriedBefore.get(node))) {
            assertNothingToWrite(node, done);
          }
        }
      }
    }
  }

  private void carryOut(Deed deed, String node) {
    switch (deed) {
      case EDIT -> edit(random.nextInt(6) > 0);
      case STORE -> store();
      case MOVE -> {
        if (steps) {
          catalog.moves().move("p", node, random.nextInt(6) > 0 ? target() : stable);
        }
      }
      case WRITE -> write(node);
      case COMPLETE -> complete();
      case TELL -> apply();
      case FAIL_OVER -> catalog.moves().clear();
      case LOSE_RECORD -> {
        if (random.nextInt(4) == 0 && !stored.isEmpty()) {
          PolicyRevision lost = List.copyOf(stored.values()).get(random.nextInt(stored.size()));
          stored.remove(lost.generation());
          catalog.remove(lost);
        }
      }
    }
  }

  private void edit(boolean inSteps) {
    generation++;
    steps = inSteps;
    spec =
        "{'reservation': {'cpu': '"
            + (1 + random.nextInt(4))
            + "'}"
            + (steps ? ", 'rollout': {}" : "")
            + "}";
    apply();
    if (random.nextInt(10) > 0) {
      store();
    }
    if (!isUnderWay()) {
      catalog.moves().clear("p");
    }
    if (!steps) {
      stable = target();
      stableGeneration = generation;
      apply();
    }
  }

  private void store() {
    PolicyRevision record = PolicyFixture.revision("p", generation, spec);
    stored.put(generation, record);
    catalog.apply(record);
  }

  /** All nodes carry the target, so it is the stable one. */
  private void complete() {
    boolean isDone =
        unwritten().isEmpty()
            && followed().equals(carried)
            && followed().values().stream().allMatch(target()::equals);
    if (isDone) {
      completed += stable.equals(target()) ? 0 : 1;
      stable = target();
      stableGeneration = generation;
      catalog.moves().clear("p");
      apply();
    }
  }

  private void apply() {
    catalog.apply(
        policy("p", generation, PolicyFixture.CREATED, spec)
            .withStatus(
                Integer.toString(++told),
                json(
                    "{'observedGeneration': 1, 'rollout': {'stable': '"
                        + stable
                        + "', 'stableGeneration': "
                        + stableGeneration
                        + ", 'message': '"
                        + told
                        + "'}}")));
  }

  private void write(String name) {
    String revision = followed().get(name);
    if (!isStored(revision) && !revision.equals(target())) {
      // Without the record it is frozen.
      return;
    }
    carried.put(name, revision);
    String config = written(name);
    nodes.put(name, NodeFixture.node(name).annotation(Keys.CONFIG, config).build());
  }

  private String written(String name) {
    return ConfigAnnotation.write(catalog.snapshot().compile(nodes.get(name)), Map.of());
  }

  private void assertNothingToWrite(String name, String done) {
    String present = nodes.get(name).annotations().get(Keys.CONFIG);
    if (present != null && isStored(followed().get(name))) {
      assertEquals(present, written(name), done + ": configuration of " + name);
      kept += stable.equals(ConfigAnnotation.revisions(present).get("p")) ? 1 : 0;
    }
  }

  private String target() {
    return PolicyFixture.revision("p", generation, spec).revision();
  }

  /** More than one revision is followed. */
  private boolean isUnderWay() {
    return steps && !target().equals(stable);
  }

  /** The nodes that follow another revision than they carry by their own record. */
  private Set<String> unwritten() {
    return NODES.stream()
        .filter(name -> !followed().get(name).equals(recorded(name)))
        .collect(Collectors.toSet());
  }

  private Map<String, String> given() {
    Map<String, String> revisions = new HashMap<>();
    NODES.forEach(
        name -> revisions.put(name, catalog.moves().of("p", name).orElse(recorded(name))));
    return revisions;
  }

  private String recorded(String name) {
    return ConfigAnnotation.revisions(nodes.get(name).annotations().get(Keys.CONFIG))
        .getOrDefault("p", stable);
  }

  private Map<String, String> followed() {
    Map<String, String> revisions = new HashMap<>();
    NODES.forEach(name -> revisions.put(name, catalog.snapshot().revision("p", nodes.get(name))));
    return revisions;
  }

  private boolean isKnown(String revision) {
    return revision.equals(target()) || revision.equals(stable) || isStored(revision);
  }

  private boolean isStored(String revision) {
    return stored.values().stream().anyMatch(record -> record.revision().equals(revision));
  }
}
