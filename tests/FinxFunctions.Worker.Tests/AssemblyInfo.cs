using FinxFunctions.Worker.Tests.Hosts;
using Xunit.Sdk;

// Cases mostly wait, for processes to start and to stop; those that bring trouble over a host that they share take turns.
[assembly: Xunit.v3.Parallelization(Mode = ParallelMode.All, MaxThreads = 8)]
[assembly: AssemblyFixture(typeof(SharedHosts))]
