/** The part of libsodium's raw build that the vault calls. Pointers are offsets into HEAPU8, lengths are in bytes. */
declare module 'libsodium-sumo' {
  export type Raw = {
    /** A new view after every growth of the memory: never kept across a call. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _sodium_init(): number;
    _malloc(length: number): number;
    _free(pointer: number): void;
    /** 64-bit numbers arrive as two 32-bit halves, the low one first. */
    _crypto_pwhash(
      out: number,
      outLength: number,
      outLengthHigh: 0,
      password: number,
      passwordLength: number,
      passwordLengthHigh: 0,
      salt: number,
      passes: number,
      passesHigh: 0,
      memory: number,
      algorithm: number,
    ): number;
    _crypto_kdf_derive_from_key(
      out: number,
      outLength: number,
      id: number,
      idHigh: 0,
      context: number,
      key: number,
    ): number;
    _crypto_aead_xchacha20poly1305_ietf_encrypt(
      out: number,
      outLength: 0,
      message: number,
      messageLength: number,
      messageLengthHigh: 0,
      ad: number,
      adLength: number,
      adLengthHigh: 0,
      secretNonce: 0,
      nonce: number,
      key: number,
    ): number;
    _crypto_aead_xchacha20poly1305_ietf_decrypt(
      out: number,
      outLength: 0,
      secretNonce: 0,
      ciphertext: number,
      ciphertextLength: number,
      ciphertextLengthHigh: 0,
      ad: number,
      adLength: number,
      adLengthHigh: 0,
      nonce: number,
      key: number,
    ): number;
    _crypto_secretstream_xchacha20poly1305_init_push(
      state: number,
      header: number,
      key: number,
    ): number;
    _crypto_secretstream_xchacha20poly1305_push(
      state: number,
      out: number,
      outLength: 0,
      message: number,
      messageLength: number,
      messageLengthHigh: 0,
      ad: number,
      adLength: number,
      adLengthHigh: 0,
      tag: number,
    ): number;
    _crypto_secretstream_xchacha20poly1305_init_pull(
      state: number,
      header: number,
      key: number,
    ): number;
    _crypto_secretstream_xchacha20poly1305_pull(
      state: number,
      out: number,
      outLength: 0,
      tag: number,
      ciphertext: number,
      ciphertextLength: number,
      ciphertextLengthHigh: 0,
      ad: number,
      adLength: number,
      adLengthHigh: 0,
    ): number;
  };
  export default function load(options: { getRandomValue: () => number }): Promise<Raw>;
}
