namespace FinxSandbox.Tests.Wire;

/// <summary>How an answer ended.</summary>
internal enum RawEnd
{
    /// <summary>As long as Content-Length says. The connection is open.</summary>
    Complete,

    /// <summary>The server closed the connection before that.</summary>
    Closed,

    /// <summary>The server reset the connection before that.</summary>
    Reset,
}
