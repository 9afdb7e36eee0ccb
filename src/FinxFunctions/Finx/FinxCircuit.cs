namespace FinxFunctions.Finx;

/// <summary>
/// The circuit of the token endpoint. It opens after many refreshes without a proper answer: finX was not reached, broke off, was silent for
/// <see cref="FinxOptions.TokenTimeout"/>, or answered a server error. Throttling and refusals are proper answers. After a while calls are
/// made again, and the first failure opens it anew.
/// </summary>
public sealed class FinxCircuit(TimeProvider time)
{
    private const int FewestCalls = 20;
    private const double FailureRatio = 0.8;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private DateTimeOffset _until;
    private DateTimeOffset _windowStart;
    private int _calls;
    private int _faults;
    private bool _isTrying;

    /// <summary>Whether finX should be left alone.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return time.GetUtcNow() < _until;
            }
        }
    }

    /// <summary>Opens the circuit.</summary>
    public void Open()
    {
        lock (_gate)
        {
            (_until, _isTrying, _calls, _faults) = (time.GetUtcNow() + Length, true, 0, 0);
        }
    }

    /// <summary>Counts how a call went.</summary>
    public void Count(bool isFault)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now < _until)
            {
                return; // begun before the circuit opened
            }

            if (now - _windowStart >= Window)
            {
                (_windowStart, _calls, _faults) = (now, 0, 0);
            }

            _calls++;
            _faults += isFault ? 1 : 0;
            if (isFault && (_isTrying || (_calls >= FewestCalls && _faults >= FailureRatio * _calls)))
            {
                Open();
                return;
            }

            _isTrying &= isFault;
        }
    }
}
