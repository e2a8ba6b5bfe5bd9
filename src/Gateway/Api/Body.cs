using System.Buffers;
using Fleet.Gateway.Access;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Api;

/// <summary>Reads a body as a whole, within what one request and all together may hold.</summary>
internal static class Body
{
    private const int Step = 64 * 1024;

    /// <summary>The body's bytes.</summary>
    /// <exception cref="GatewayFault">It is too large, or the gateway is full.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, Admission.Ticket ticket, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength is { } length)
        {
            if (length > limit) throw GatewayFault.TooLarge(limit);
            ticket.Hold(length);
            var whole = new byte[length];
            await request.Body.ReadExactlyAsync(whole, cancellation);
            return whole;
        }

        var buffer = new ArrayBufferWriter<byte>(Step);
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.GetMemory(Step), cancellation);
            if (read == 0) return buffer.WrittenSpan.ToArray();
            if (buffer.WrittenCount + read > limit) throw GatewayFault.TooLarge(limit);
            ticket.Hold(read);
            buffer.Advance(read);
        }
    }
}
