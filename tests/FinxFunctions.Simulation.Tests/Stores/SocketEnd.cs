namespace FinxFunctions.Simulation.Tests.Stores;

/// <summary>What a broken store does after it wrote what it writes.</summary>
internal enum SocketEnd
{
    /// <summary>It keeps the connection open, and says nothing.</summary>
    Silence,

    /// <summary>It resets the connection.</summary>
    Reset,

    /// <summary>It closes the connection.</summary>
    Close,
}
