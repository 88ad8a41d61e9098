// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import io.nodeqos.sim.http.ApiServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The contract suite against the embedded API server. */
@TestInstance(Lifecycle.PER_CLASS)
class EmbeddedContractTest extends ContractSuite {
  private final ApiServer server = new ApiServer().start();

  @Override
  ContractTarget target() {
    return server::uri;
  }

  @AfterAll
  void stop() {
    server.close();
  }
}
