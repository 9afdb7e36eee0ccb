using Azure.Data.Tables;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>Writes values of a row that take several columns.</summary>
public static class RowWriter
{
    /// <summary>A binary column holds at most 64 KiB. Longer values take several columns.</summary>
    private const int ChunkSize = 60 * 1024;

    public static void SetEncrypted(TableEntity row, string name, EncryptedValue? value)
    {
        if (value is not null)
        {
            row[name + "Key"] = value.KeyId.AbsoluteUri;
            SetBytes(row, name, value.Bytes);
        }
    }

    public static void SetBytes(TableEntity row, string name, byte[] bytes)
    {
        foreach (var (index, chunk) in bytes.Chunk(ChunkSize).Index())
        {
            row[name + index] = chunk;
        }
    }
}
