// The small program of hack/cluster.
module nodeqos.io/lab

go 1.26.0
