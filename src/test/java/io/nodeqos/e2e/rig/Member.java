// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import io.nodeqos.fixture.TcpProxy;
import io.nodeqos.realapi.ControlPlane;
import java.util.Map;

/** One pod of the Deployment: its containers, one after the other, and their way to the server. */
public final class Member implements AutoCloseable {
  private final ControlPlane plane;
  private final Replica replica;
  private final Map<String, String> settings;
  private final TcpProxy link;
  private volatile ControllerRun run;

  private Member(
      ControlPlane plane,
      Replica replica,
      Map<String, String> settings,
      TcpProxy link,
      ControllerRun run) {
    this.plane = plane;
    this.replica = replica;
    this.settings = settings;
    this.link = link;
    this.run = run;
  }

  public static Member start(ControlPlane plane, Replica replica, Map<String, String> settings) {
    TcpProxy link = TcpProxy.to(plane.server());
    return new Member(
        plane,
        replica,
        settings,
        link,
        ControllerRun.start(plane, replica, link.address(), settings));
  }

  /** The next container, after the end of the last one. */
  public void startAgain() {
    run = ControllerRun.start(plane, replica, link.address(), settings);
  }

  public Replica replica() {
    return replica;
  }

  public TcpProxy link() {
    return link;
  }

  public ControllerRun run() {
    return run;
  }

  @Override
  public String toString() {
    return replica.name();
  }

  @Override
  public void close() {
    run.close();
    link.close();
  }
}
